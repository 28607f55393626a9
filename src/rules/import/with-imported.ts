import type { Problem } from '../../core/model/problem.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import { holdsForeign } from './foreign-format.ts'

/** The documents of some files as native ones, and what could not be carried over. */
export interface NativeFiles {
  readonly files: readonly (readonly SourceDocument[])[]
  readonly problems: readonly Problem[]
}

/** Puts native documents in the place of those of other tools; what that takes is loaded only where there are some. */
export async function withImported(files: readonly (readonly SourceDocument[])[]): Promise<NativeFiles> {
  if (!files.some((documents) => documents.some(holdsForeign))) return { files, problems: [] }
  const { importDocuments } = await import('./import-documents.ts')
  const { translatedDocument } = await import('./translated-document.ts')
  const imported = importDocuments(files)
  const native = imported.files.map((documents) =>
    documents.map((one) => (one.kind === 'native' ? one.document : translatedDocument(one.root))),
  )
  return { files: native, problems: imported.problems }
}
