import type { Place, Problem } from '../../core/model/problem.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import { parseRules } from '../parse-rules.ts'
import { type RuleFile, readDocuments } from '../read-documents.ts'
import { importDocuments } from './import-documents.ts'
import { type CommentedDocument, printMade } from './print-made.ts'
import { userComments } from './user-comments.ts'

/** What came of some files. */
export interface ConvertedFiles {
  readonly files: readonly ConvertedFile[]
  /** As `sloburn check` finds them. */
  readonly problems: readonly Problem[]
}

/** What became of one file of another tool. */
export interface ConvertedFile {
  /** The file that it was made from. */
  readonly name: string
  /** The native documents; empty when nothing was made. */
  readonly text: string
  readonly documents: number
  /** Where documents stand that were native already. */
  readonly native: readonly Place[]
}

/** Makes native files of files of Sloth, Pyrra and OpenSLO; references are followed across all of them. */
export async function convertFiles(files: readonly RuleFile[]): Promise<ConvertedFiles> {
  const read = files.map((file) => readDocuments(file).documents)
  const imported = importDocuments(read)
  const { problems } = await parseRules(files)
  const converted = files.map((file, index): ConvertedFile => {
    const documents = imported.files[index]
    const made = documents.flatMap((one) => (one.kind === 'made' ? [one.root] : []))
    const native = documents.flatMap((one) => (one.kind === 'native' ? [one.document.placeOf([])] : []))
    const text = printMade(made, commented(file, read[index]))
    return { name: file.name, text, documents: made.length, native }
  })
  return { files: converted, problems }
}

/** Both readings of a file know where the content of each document begins. */
function commented(file: RuleFile, documents: readonly SourceDocument[]): readonly CommentedDocument[] {
  const found = userComments(file)
  return documents.flatMap((document) => {
    const { line, column } = document.placeOf([])
    const comments = found.find((one) => one.line === line && one.column === column)?.comments
    return comments === undefined ? [] : [{ document, comments }]
  })
}
