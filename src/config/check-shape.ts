import { describeFault, oneOfThese, typeNames, type Wording } from '../documents/describe-fault.ts'
import { describeValue } from '../documents/describe-value.ts'
import type { JsonSchema } from '../documents/json-schema.ts'
import { type SchemaFault, schemaFaults } from '../documents/schema-faults.ts'
import { pathOf, pointer as pointerOf, readablePath } from '../documents/source-document.ts'
import type { Finding, ProblemList } from './problem-list.ts'

/** Tells whether a value has a shape; every way in which it has not is reported under the pointer given. */
export type ShapeCheck<T> = (value: unknown, pointer: string, problems: ProblemList) => value is T & {}

/** Marks a key that the format has and this version refuses; the text is the hint. */
export const notSupportedYet = 'x-notSupportedYet'

/** Makes a check from a draft-07 schema; T must be what the schema describes. */
export function shapeCheck<T>(schema: object): ShapeCheck<T> {
  return (value, pointer, problems): value is T & {} => {
    const faults = schemaFaults(schema, value)
    for (const fault of faults) problems.report(finding(fault, pointer))
    return faults.length === 0
  }
}

/** `/sources/0/scrape` as people write it: `sources[0].scrape`. */
export function readable(pointer: string): string {
  return pointer === '' ? 'the engine config' : readablePath(pathOf(pointer))
}

const wording: Wording = {
  nameOf: (path) => readable(pointerOf(path)),
  // A text may be a secret that was put in the wrong place.
  describe: (value) => (typeof value === 'string' ? 'text' : describeValue(value)),
  hintOf: ({ description }) => description,
}

function finding(inPart: SchemaFault, prefix: string): Finding {
  const fault = { ...inPart, path: [...pathOf(prefix), ...inPart.path] }
  if (fault.keyword === 'oneOf') return choiceFinding(fault)
  const { path, ...rest } = describeFault(fault, wording)
  return { ...rest, pointer: pointerOf(path) }
}

/** Either exactly one of several keys, or a value of one of several forms. */
function choiceFinding({ path, schema: { oneOf = [] }, value }: SchemaFault): Finding {
  const [pointer, name] = [pointerOf(path), wording.nameOf(path)]
  const kinds = oneOf.flatMap(({ type, required = [] }) => (type === undefined ? required : []))
  if (kinds.length === 0) return { code: 'WRONG_VALUE', pointer, message: `${name} must be ${forms(oneOf)}` }
  const given = kinds.filter((kind) => typeof value === 'object' && value !== null && kind in value)
  const found = given.length === 0 ? 'none' : given.join(' and ')
  const message = `${name} must be of exactly one kind: ${kinds.join(', ')}; it is of ${found}`
  return { code: 'CONFIG_KIND', pointer, message }
}

/** A choice between forms in words: `text or { env: … } or { file: … }`. */
function forms(branches: readonly JsonSchema[]): string {
  const words = branches.map(({ type = [], required = [] }) =>
    type === 'object'
      ? `{ ${required.map((key) => `${key}: …`).join(', ')} }`
      : [type]
          .flat()
          .map((name) => typeNames[name])
          .join(' or '),
  )
  return oneOfThese(words)
}
