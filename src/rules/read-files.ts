import type { Problem } from '../core/model/problem.ts'
import { holdsForeign } from './import/foreign-format.ts'
import { withImported } from './import/with-imported.ts'
import { type FileReading, type KeptReading, keepableReading, readingOf } from './kept-reading.ts'
import { loadLanguages } from './languages.ts'
import { indicatorPath } from './lints/slo-lint.ts'
import { identified, type ReadDocument } from './read-document.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'
import { readFile } from './read-file.ts'
import { languagesOf } from './read-indicator.ts'

/** What stands in some files, document by document, and what is wrong with them as far as that is not noted with a document. */
export interface FileContents {
  readonly documents: readonly ReadDocument[]
  readonly problems: readonly Problem[]
}

/** Gives what a file gave when it was read before; undefined where that is not known, or could be different now. */
export type EarlierReading = (file: RuleFile) => KeptReading | undefined

/** Reads files from their text. */
export async function readFiles(files: readonly RuleFile[]): Promise<FileContents> {
  const { parsed, problems } = await parseFiles(files)
  return {
    documents: parsed.flatMap(({ documents }) => documents),
    problems: [...parsed.flatMap((file) => file.problems), ...problems],
  }
}

/** Reads files of which some were read before, and tells of each how it may be kept for the next time. */
export async function readFilesAgain(
  files: readonly RuleFile[],
  earlier: EarlierReading,
): Promise<{ readonly readings: readonly FileReading[]; readonly problems: readonly Problem[] }> {
  const known = files.map((file) => {
    const kept = earlier(file)
    return kept === undefined ? undefined : readingOf(file, kept)
  })
  const { parsed, problems } = await parseFiles(files.filter((_, place) => known[place] === undefined))
  const anew = parsed.map(({ file, ...read }) =>
    // What is made of files of other tools hangs together with what stands in other files.
    read.isForeign
      ? { ...read, file, kept: undefined, wasParsed: () => true }
      : keepableReading(file, read.problems, read.documents),
  )
  const readings = new Map(anew.map((reading) => [reading.file, reading]))
  return { readings: files.flatMap((file, place) => known[place] ?? readings.get(file) ?? []), problems }
}

interface ParsedFile extends FileContents {
  readonly file: RuleFile
  readonly isForeign: boolean
}

/** Files as they stand, those of other tools translated; `problems` are of the translation, which is one for all of them. */
async function parseFiles(
  files: readonly RuleFile[],
): Promise<{ readonly parsed: readonly ParsedFile[]; readonly problems: readonly Problem[] }> {
  const parsed = files.map(readDocuments)
  const imported = await withImported(parsed.map(({ documents }) => documents))
  const identities = imported.files.map((documents) => documents.map(identified))
  const texts = identities.flat().flatMap(({ document }) => languagesOf(document, indicatorPath))
  const languages = await loadLanguages(new Set(texts))
  const read = identities.map((ofFile, place) => ({
    file: files[place],
    documents: readFile(ofFile, languages),
    problems: [...parsed[place].problems, ...ofFile.flatMap(({ problems }) => problems)],
    isForeign: parsed[place].documents.some(holdsForeign),
  }))
  return { parsed: read, problems: imported.problems }
}
