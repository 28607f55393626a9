import type { JsonSchema } from '../../documents/json-schema.ts'
import { alertPolicySchema } from './alert-policy-schema.ts'
import { asWritten } from './as-written.ts'
import { defaultsSchema } from './defaults-schema.ts'
import { maintenanceSchema } from './maintenance-schema.ts'
import { sharedProperties, sloSchema } from './slo-schema.ts'

/** The schema of each kind of document this version reads; of an SLO as it reads with the defaults of its file. */
export const documentSchemas = {
  SLO: sloSchema,
  AlertPolicy: alertPolicySchema,
  Maintenance: maintenanceSchema,
  Defaults: defaultsSchema,
} as const satisfies Readonly<Record<string, JsonSchema>>

export type DocumentKind = keyof typeof documentSchemas

/** The published schema of one rule document: what `rules/schema/sloburn.v1.schema.json` holds. */
export const ruleSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'sloburn rule file',
  description: 'Service level objectives, alert policies, maintenance, and defaults of a file.',
  type: 'object',
  properties: {
    apiVersion: { const: 'sloburn/v1' },
    kind: { description: 'What this document declares.', enum: Object.keys(documentSchemas) },
  },
  required: ['apiVersion', 'kind'],
  allOf: Object.keys(documentSchemas).map((kind) => ({
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema calls it so, and nobody awaits a schema
    then: { $ref: `#/definitions/${kind}` },
  })),
  definitions: { ...documentSchemas, SLO: asWritten(sloSchema, new Set(Object.keys(sharedProperties))) },
}
