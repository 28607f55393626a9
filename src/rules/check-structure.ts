import { knownWordsHint } from '../core/model/did-you-mean.ts'
import { describeValue } from './describe-value.ts'
import type { Finding } from './problem-collector.ts'
import type { JsonSchema, JsonType } from './schema/json-schema.ts'
import { type DocumentKind, documentSchemas } from './schema/rule-schema.ts'
import { type StructureFault, schemaFaults } from './schema/validate-structure.ts'
import { readablePath, type SourceDocument } from './source-document.ts'

/** Everything in a document that its schema refuses, in plain words. */
export function checkStructure(kind: DocumentKind, document: SourceDocument): Finding[] {
  return checkSchema(documentSchemas[kind], document)
}

/** Everything in a document that a schema refuses, in plain words. */
export function checkSchema(schema: JsonSchema, document: SourceDocument): Finding[] {
  return schemaFaults(schema, document.value).map((fault) => describe(fault, document))
}

function describe(fault: StructureFault, document: SourceDocument): Finding {
  switch (fault.keyword) {
    case 'additionalProperties':
      return unknownKey(fault, document)
    case 'required':
    case 'dependencies':
      return missingKey(fault)
    case 'type':
      return wrongType(fault)
    case 'enum':
    case 'const':
      return wrongValue(fault)
    case 'uniqueItems':
      return { code: 'WRONG_VALUE', path: fault.path, message: `${nameOf(fault.path)} stands in the list already` }
    case 'x-notSupportedYet':
      return notSupportedYet(fault, document)
    default:
      return brokenRule(fault, document)
  }
}

function unknownKey({ key = '', path, schema }: StructureFault, document: SourceDocument): Finding {
  const keyPath = [...path, key]
  const known = Object.keys(schema.properties ?? {})
  const message = `unknown key "${key}" in ${nameOf(path)}`
  return {
    code: 'UNKNOWN_KEY',
    path: keyPath,
    place: document.placeOfKey(keyPath),
    message,
    hint: knownWordsHint(key, known),
  }
}

function missingKey({ key = '', path, schema }: StructureFault): Finding {
  const example = schema.properties?.[key]?.examples?.[0]
  const hint = example === undefined ? undefined : `for example ${key}: ${inYaml(example)}`
  return { code: 'MISSING_KEY', path: [...path, key], message: `"${key}" is missing in ${nameOf(path)}`, hint }
}

function wrongType({ path, schema, value }: StructureFault): Finding {
  const wanted = [schema.type ?? []].flat()
  const message = `${nameOf(path)} must be ${wanted.map((type) => typeNames[type]).join(' or ')}, not ${describeValue(value)}`
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

function wrongValue({ path, schema, value }: StructureFault): Finding {
  const allowed = schema.enum ?? [schema.const]
  const message = `${nameOf(path)} must be ${allowed.map(inYaml).join(' or ')}, not ${describeValue(value)}`
  const hint = typeof value === 'string' ? knownWordsHint(value, allowed.map(String)) : undefined
  return { code: 'WRONG_VALUE', path, message, hint: hint?.startsWith('known') === true ? undefined : hint }
}

function notSupportedYet({ path, schema }: StructureFault, document: SourceDocument): Finding {
  const { what, hint } = schema['x-notSupportedYet'] ?? { what: nameOf(path), hint: undefined }
  return {
    code: 'NOT_SUPPORTED_YET',
    path,
    place: document.placeOfKey(path),
    message: `${what} is not supported yet`,
    hint,
  }
}

/** Any other keyword: the schema itself says what it wants. */
function brokenRule({ keyword, path, schema, value, key }: StructureFault, document: SourceDocument): Finding {
  const demand = schema.errorMessage ?? `it breaks the rule "${keyword}"`
  const code = schema['x-code'] ?? 'WRONG_VALUE'
  if (key !== undefined) {
    const keyPath = [...path, key]
    return { code, path: keyPath, place: document.placeOfKey(keyPath), message: `"${key}" cannot be a key: ${demand}` }
  }
  return { code, path, message: `${nameOf(path)} ${found(value)}: ${demand}` }
}

const typeNames: Readonly<Record<JsonType, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  array: 'a list',
  null: 'empty',
}

function nameOf(path: StructureFault['path']): string {
  return path.length === 0 ? 'the document' : readablePath(path)
}

function found(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `(${describeValue(value)})`
  const keys = Object.keys(value)
  if (Array.isArray(value)) return `has ${keys.length} items`
  return keys.length === 0 ? 'has no keys' : `has ${keys.join(', ')}`
}

function inYaml(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
