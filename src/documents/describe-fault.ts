import { stringify } from 'yaml'
import { knownWordsHint } from '../core/model/did-you-mean.ts'
import { describeValue } from './describe-value.ts'
import type { JsonSchema, JsonType } from './json-schema.ts'
import type { Finding } from './problem-collector.ts'
import type { SchemaFault } from './schema-faults.ts'
import { type Path, readablePath } from './source-document.ts'

/** How the faults of one sort of document are put into words. */
export interface Wording {
  /** What stands at the path. */
  readonly nameOf: (path: Path) => string
  /** A value of the wrong type or form. */
  readonly describe: (value: unknown) => string
  /** What a value is to be; it helps where the type is wrong, or the fault itself gives no hint. */
  readonly hintOf?: (schema: JsonSchema) => string | undefined
}

/** Names what has no path `the document`, and shows values as they are. */
export const documentWording: Wording = {
  nameOf: (path) => (path.length === 0 ? 'the document' : readablePath(path)),
  describe: describeValue,
}

/** A fault in plain words. */
export function describeFault(fault: SchemaFault, wording: Wording): Finding {
  const finding = findingOf(fault, wording)
  const known = fault.keyword === 'type' || finding.hint === undefined ? wording.hintOf?.(fault.schema) : undefined
  return known === undefined ? finding : { ...finding, hint: known }
}

function findingOf(fault: SchemaFault, wording: Wording): Finding {
  const { keyword, path } = fault
  const name = wording.nameOf(path)
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(fault, name)
    case 'required':
    case 'dependencies':
      return missingKey(fault, name)
    case 'type':
      return wrongType(fault, name, wording)
    case 'enum':
    case 'const':
      return wrongValue(fault, name)
    case 'uniqueItems':
      return { code: 'WRONG_VALUE', path, message: `${name} stands in the list already` }
    case 'x-notSupportedYet':
      return {
        code: 'NOT_SUPPORTED_YET',
        path,
        atKey: true,
        message: `${name} is not supported yet`,
        hint: fault.schema['x-notSupportedYet'],
      }
    default:
      return brokenRule(fault, name, wording)
  }
}

function unknownKey({ key = '', path, schema }: SchemaFault, name: string): Finding {
  const known = Object.keys(schema.properties ?? {})
  const message = `unknown key "${key}" in ${name}`
  return { code: 'UNKNOWN_KEY', path: [...path, key], atKey: true, message, hint: knownWordsHint(key, known) }
}

function missingKey({ key = '', path, schema }: SchemaFault, name: string): Finding {
  const example = schema.properties?.[key]?.examples?.[0]
  const hint = example === undefined ? undefined : `for example ${key}: ${inYaml(example)}`
  return { code: 'MISSING_KEY', path: [...path, key], message: `"${key}" is missing in ${name}`, hint }
}

function wrongType({ path, schema, value }: SchemaFault, name: string, { describe }: Wording): Finding {
  const wanted = [schema.type ?? []].flat()
  const message = `${name} must be ${oneOfThese(wanted.map((type) => typeNames[type]))}, not ${describe(value)}`
  return { code: 'WRONG_TYPE', path, message, hint: typeHint(wanted, schema, value) }
}

function typeHint(wanted: readonly JsonType[], schema: JsonSchema, value: unknown): string | undefined {
  if (wanted.includes('boolean') && typeof value === 'string')
    return 'YAML reads only true and false as such; yes, no, on and off are text'
  if (schema['x-code'] === 'RULE_DURATION' && typeof value === 'number')
    return `write it with a unit, for example ${inYaml(schema.examples?.[0] ?? '5m')}`
  const wantsText = wanted.includes('string')
  if (schema['x-code'] === 'RULE_THRESHOLD' && typeof value === 'number')
    return `write it with the percent sign: ${value}%`
  if (wantsText && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return 'text that begins with { must stand between single quotes'
  }
  return wantsText && (typeof value === 'number' || typeof value === 'boolean')
    ? `put it in quotes: "${value}"`
    : undefined
}

function wrongValue({ path, schema, value }: SchemaFault, name: string): Finding {
  const allowed = schema.enum ?? [schema.const]
  const message = `${name} must be ${oneOfThese(allowed.map(inYaml))}, not ${describeValue(value)}`
  const hint = typeof value === 'string' ? knownWordsHint(value, allowed.map(String)) : undefined
  return { code: 'WRONG_VALUE', path, message, hint: hint?.startsWith('known') === true ? undefined : hint }
}

/** Any other keyword: the schema says what it wants, or the keyword does. */
function brokenRule(fault: SchemaFault, name: string, { describe }: Wording): Finding {
  const { path, schema, value, key } = fault
  const code = schema['x-code'] ?? 'WRONG_VALUE'
  if (key !== undefined) {
    const message = `"${key}" cannot be a key${schema.errorMessage === undefined ? ` of ${name}` : `: ${schema.errorMessage}`}`
    return { code, path: [...path, key], atKey: true, message }
  }
  if (schema.errorMessage === undefined) return { code, path, message: `${name} ${demandOf(fault)}` }
  return { code, path, message: `${name} ${found(value, describe)}: ${schema.errorMessage}` }
}

/** What a keyword demands of a value whose schema does not say it in its own words. */
function demandOf({ keyword, demand, value }: SchemaFault): string {
  const limit = Number(demand)
  switch (keyword) {
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return limit === 1 ? 'must name at least one' : `must have at least ${limit} items`
    case 'maxItems':
      return `must have at most ${limit} items`
    case 'minProperties':
    case 'maxProperties': {
      const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0
      const [bound, plural] = [keyword === 'minProperties' ? 'least' : 'most', limit === 1 ? 'key' : 'keys']
      return `must have at ${bound} ${limit} ${plural}, and has ${count}`
    }
    case 'minimum':
      return `must be ${limit} or more, not ${String(value)}`
    case 'maximum':
      return `must be ${limit} or less, not ${String(value)}`
    case 'exclusiveMinimum':
      return `must be above ${limit}, not ${String(value)}`
    case 'exclusiveMaximum':
      return `must be below ${limit}, not ${String(value)}`
    case 'pattern':
      return 'is not of the form it must have'
    default:
      return `breaks the rule "${keyword}"`
  }
}

/** A choice in words: `a, b or c`. */
export function oneOfThese(words: readonly string[]): string {
  const [last = '', ...others] = words.toReversed()
  return others.length === 0 ? last : `${others.toReversed().join(', ')} or ${last}`
}

/** The JSON types as people call them. */
export const typeNames: Readonly<Record<JsonType, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  null: 'empty',
}

function found(value: unknown, describe: Wording['describe']): string {
  if (typeof value !== 'object' || value === null) return `is ${describe(value)}`
  const keys = Object.keys(value)
  if (Array.isArray(value))
    return keys.length === 0 ? 'is an empty list' : `has ${keys.length} ${keys.length === 1 ? 'item' : 'items'}`
  return keys.length === 0 ? 'has no keys' : `has ${keys.join(', ')}`
}

function inYaml(value: unknown): string {
  const flow = { collectionStyle: 'flow', singleQuote: true, lineWidth: 0, flowCollectionPadding: true } as const
  return typeof value === 'string' ? value : stringify(value, flow).trimEnd()
}
