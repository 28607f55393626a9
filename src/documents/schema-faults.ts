import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { JsonSchema } from './json-schema.ts'
import { type Path, pathOf } from './source-document.ts'

/** One way in which a value breaks its schema. */
export interface SchemaFault {
  readonly keyword: string
  readonly path: Path
  /** The schema that the keyword stands in. */
  readonly schema: JsonSchema
  /** What the keyword demands. */
  readonly demand: unknown
  readonly value: unknown
  /** The key in question, for keywords about keys. */
  readonly key: string | undefined
}

const validators = new WeakMap<object, ValidateFunction>()

/** Everything in which a value breaks a draft-07 schema. */
export function schemaFaults(schema: object, value: unknown): SchemaFault[] {
  const validate = validators.get(schema) ?? compile(schema)
  validators.set(schema, validate)
  if (validate(value)) return []
  const faults = (validate.errors ?? []).filter(speaksForItself).map(faultOf)
  // Whatever else is said of a value of the wrong type follows from its type.
  return faults.sort((a, b) => Number(b.keyword === 'type') - Number(a.keyword === 'type'))
}

/**
 * Compiling the schema of an SLO takes some 30 ms, so it waits until a document of its kind turns up. It would take twice as
 * long with optimized code, which saves less, or with a check of the schema itself, which is the tests' to make.
 */
function compile(schema: object): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    ownProperties: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  })
  ajv.addVocabulary(['x-code', 'errorMessage'])
  ajv.addKeyword({ keyword: 'x-notSupportedYet', schemaType: 'string', validate: () => false })
  return ajv.compile(schema)
}

/** The branches of a choice, and the fact that some property name is wrong, say nothing that their parent does not. */
function speaksForItself({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'propertyNames' && !/\/(oneOf|anyOf)\/\d/.test(schemaPath)
}

function faultOf({
  keyword,
  instancePath,
  parentSchema,
  schema,
  data,
  params,
  propertyName,
}: ErrorObject): SchemaFault {
  const key: unknown = params['additionalProperty'] ?? params['missingProperty'] ?? propertyName
  const path = pathOf(instancePath)
  return {
    keyword,
    path: keyword === 'uniqueItems' ? [...path, Math.max(Number(params['i']), Number(params['j']))] : path,
    schema: parentSchema ?? {},
    demand: schema,
    value: data,
    key: typeof key === 'string' ? key : undefined,
  }
}
