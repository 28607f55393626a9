import type { KeptReading } from './kept-reading.ts'
import type { LintOptions } from './lints/slo-lint.ts'
import { linked, type RuleSet } from './parse-rules.ts'
import type { RuleFile } from './read-documents.ts'
import { type EarlierReading, readFilesAgain } from './read-files.ts'

/** A file that need not be parsed the next time, unless it changes. */
export interface KeepableFile {
  readonly file: RuleFile
  readonly reading: KeptReading
  /** Whether it was parsed this time, so that something else is to be kept of it than was. */
  readonly wasParsed: boolean
}

/** What rule files declare, and how to have it sooner the next time. */
export interface RuleSetToKeep extends RuleSet {
  readonly keepable: readonly KeepableFile[]
}

/** The same as `parseRules`, but that a file is parsed only where it is not known what it gave earlier. */
export async function parseRulesAgain(
  files: readonly RuleFile[],
  options: LintOptions,
  earlier: EarlierReading,
): Promise<RuleSetToKeep> {
  const { readings, problems } = await readFilesAgain(files, earlier)
  const documents = readings.flatMap((reading) => reading.documents)
  const ofFiles = readings.flatMap((reading) => reading.problems)
  const rules = linked(files, documents, [...ofFiles, ...problems], options)
  // Only now it is known what the documents were asked.
  const keepable = readings.flatMap((read) =>
    read.kept === undefined ? [] : [{ file: read.file, reading: read.kept, wasParsed: read.wasParsed() }],
  )
  return { ...rules, keepable }
}
