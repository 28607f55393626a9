import { problemCodes } from '../../core/model/problem-codes.ts'
import type { JsonSchema } from '../../documents/json-schema.ts'
import type { LintCode } from '../lint-codes.ts'

/** What a document allows: the code of each problem, with the reason. */
export function allowSchema(codes: readonly LintCode[]): JsonSchema {
  const reason: JsonSchema = {
    type: 'string',
    pattern: '\\S',
    errorMessage: 'say in a few words why this is wanted',
    'x-code': 'WRONG_VALUE',
  }
  const properties = codes.map((code) => [code, { description: problemCodes[code].meaning, ...reason }] as const)
  return {
    description: 'Problems that are wanted, by code, each with the reason. One that is not found is a problem itself.',
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    examples: [{ [codes[0]]: 'why this is wanted here' }],
  }
}
