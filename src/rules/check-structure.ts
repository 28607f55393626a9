import { checkSchema } from '../documents/check-schema.ts'
import type { Finding } from '../documents/problem-collector.ts'
import type { SourceDocument } from '../documents/source-document.ts'
import { type DocumentKind, documentSchemas } from './schema/rule-schema.ts'

/** Everything in a document that the schema of its kind refuses, in plain words. */
export function checkStructure(kind: DocumentKind, document: SourceDocument): Finding[] {
  return checkSchema(documentSchemas[kind], document)
}
