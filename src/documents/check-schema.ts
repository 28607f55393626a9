import { describeFault, documentWording } from './describe-fault.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Finding } from './problem-collector.ts'
import { schemaFaults } from './schema-faults.ts'
import type { SourceDocument } from './source-document.ts'

/** Everything in a document that a schema refuses, in plain words. */
export function checkSchema(schema: JsonSchema, document: SourceDocument): Finding[] {
  return schemaFaults(schema, document.value).map((fault) => describeFault(fault, documentWording))
}
