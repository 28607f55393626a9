import { Ajv, type ErrorObject } from 'ajv'
import { knownWordsHint } from '../core/model/did-you-mean.ts'
import type { Finding, ProblemList } from './problem-list.ts'

/** Tells whether a value has a shape; every way in which it has not is reported under the pointer given. */
export type ShapeCheck<T> = (value: unknown, pointer: string, problems: ProblemList) => value is T & {}

/** Marks a key that the format has and this version refuses; the text is the hint. */
export const notSupportedYet = 'x-notSupportedYet'

const ajv = new Ajv({ allErrors: true, verbose: true, ownProperties: true, strictTypes: false, allowUnionTypes: true })
ajv.addKeyword({ keyword: notSupportedYet, schemaType: 'string', validate: () => false })

/** Makes a check from a draft-07 schema; T must be what the schema describes. */
export function shapeCheck<T>(schema: object): ShapeCheck<T> {
  const validate = ajv.compile<T>(schema)
  return (value, pointer, problems): value is T & {} => {
    if (validate(value)) return true
    for (const fault of (validate.errors ?? []).filter(speaksForItself)) problems.report(finding(fault, pointer))
    return false
  }
}

/** The branches of a choice, and that some key name is wrong, say nothing that their parent does not. */
function speaksForItself({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'propertyNames' && !/\/(oneOf|anyOf)\/\d/.test(schemaPath)
}

function finding(fault: ErrorObject, prefix: string): Finding {
  const pointer = prefix + fault.instancePath
  const name = readable(pointer)
  const wants = fault.schema
  switch (fault.keyword) {
    case 'additionalProperties': {
      const key = String(fault.params['additionalProperty'])
      const hint = knownWordsHint(key, propertiesOf(fault))
      return {
        code: 'UNKNOWN_KEY',
        pointer: child(pointer, key),
        atKey: true,
        message: `unknown key "${key}" in ${name}`,
        hint,
      }
    }
    case 'required':
    case 'dependencies': {
      const key = String(fault.params['missingProperty'])
      return { code: 'MISSING_KEY', pointer: child(pointer, key), message: `"${key}" is missing in ${name}` }
    }
    case 'type': {
      const message = `${name} must be ${[wants].flat().map(String).map(typeName).join(' or ')}, not ${described(fault.data)}`
      return { code: 'WRONG_TYPE', pointer, message, hint: typeHint(fault) }
    }
    case 'enum': {
      const words = Array.isArray(wants) ? wants.map(String) : []
      const hint = knownWordsHint(String(fault.data), words)
      return { code: 'WRONG_VALUE', pointer, message: `${name} cannot be ${JSON.stringify(fault.data)}`, hint }
    }
    case 'oneOf':
      return choiceFinding(fault, pointer, name)
    case notSupportedYet:
      return {
        code: 'NOT_SUPPORTED_YET',
        pointer,
        atKey: true,
        message: `${name} is not supported yet`,
        hint: String(wants),
      }
    default:
      return plainFinding(fault, pointer, name)
  }
}

/** Either exactly one of several keys, or a value of one of several forms. */
function choiceFinding(fault: ErrorObject, pointer: string, name: string): Finding {
  const branches = isBranches(fault.schema) ? fault.schema : []
  const kinds = kindsOf(branches)
  if (kinds.length === 0) return { code: 'WRONG_VALUE', pointer, message: `${name} must be ${forms(branches)}` }
  const given = kinds.filter((kind) => typeof fault.data === 'object' && fault.data !== null && kind in fault.data)
  const found = given.length === 0 ? 'none' : given.join(' and ')
  const message = `${name} must be of exactly one kind: ${kinds.join(', ')}; it is of ${found}`
  return { code: 'CONFIG_KIND', pointer, message }
}

function plainFinding(fault: ErrorObject, pointer: string, name: string): Finding {
  if (fault.propertyName !== undefined) {
    const key = fault.propertyName
    return {
      code: 'WRONG_VALUE',
      pointer: child(pointer, key),
      atKey: true,
      message: `"${key}" cannot be a key of ${name}`,
    }
  }
  const hint = typeof fault.parentSchema?.['description'] === 'string' ? fault.parentSchema['description'] : undefined
  return { code: 'WRONG_VALUE', pointer, message: `${name} ${fault.message ?? 'is wrong'}`, hint }
}

interface Branch {
  readonly type?: string
  readonly required?: readonly string[]
}

/** The keys of a choice between keys; a choice between forms of a value has none. */
function kindsOf(branches: readonly Branch[]): readonly string[] {
  return branches.flatMap(({ type, required = [] }) => (type === undefined ? required : []))
}

/** A choice between forms in words: `text or { env: … } or { file: … }`. */
function forms(branches: readonly Branch[]): string {
  const words = branches.map(({ type = '', required = [] }) =>
    type === 'object' ? `{ ${required.map((key) => `${key}: …`).join(', ')} }` : typeName(type),
  )
  return words.join(' or ')
}

function isBranches(value: unknown): value is readonly Branch[] {
  return Array.isArray(value)
}

function propertiesOf({ parentSchema }: ErrorObject): readonly string[] {
  const properties: unknown = parentSchema?.['properties']
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

function child(pointer: string, key: string): string {
  return `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** `/sources/0/scrape` as people write it: `sources[0].scrape`. */
export function readable(pointer: string): string {
  if (pointer === '') return 'the engine config'
  const keys = pointer.slice(1).split('/')
  return keys.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('')
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'a mapping',
    array: 'a list',
  }
  return names[type] ?? type
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  // A text may be a secret that was put in the wrong place.
  return typeof value === 'string' ? 'text' : JSON.stringify(value)
}

function typeHint({ schema: wants, data, parentSchema }: ErrorObject): string | undefined {
  const description: unknown = parentSchema?.['description']
  if (typeof description === 'string') return description
  const isBare = typeof data === 'number' || typeof data === 'boolean'
  return isBare && [wants].flat().includes('string') ? `put it in quotes: "${data}"` : undefined
}
