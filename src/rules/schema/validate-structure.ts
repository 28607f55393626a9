import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Path } from '../source-document.ts'
import type { JsonSchema } from './json-schema.ts'
import { type DocumentKind, documentSchemas } from './rule-schema.ts'

/** One way in which a value breaks its schema. */
export interface StructureFault {
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

const validators = new Map<JsonSchema, ValidateFunction>()

/** Everything in which a document's value breaks the schema of its kind. */
export function structureFaults(kind: DocumentKind, value: unknown): StructureFault[] {
  return schemaFaults(documentSchemas[kind], value)
}

/** Everything in which a value breaks a schema. */
export function schemaFaults(schema: JsonSchema, value: unknown): StructureFault[] {
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
function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    ownProperties: true,
    strict: true,
    strictRequired: false,
    validateSchema: false,
    meta: false,
    code: { optimize: false },
  })
  ajv.addVocabulary(['x-code', 'errorMessage'])
  ajv.addKeyword({ keyword: 'x-notSupportedYet', schemaType: 'object', validate: () => false })
  return ajv.compile(schema)
}

/** The branches of a oneOf and the fact that some property name is wrong say nothing that their parent does not. */
function speaksForItself({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'propertyNames' && !schemaPath.includes('/oneOf/')
}

function faultOf({
  keyword,
  instancePath,
  parentSchema,
  schema,
  data,
  params,
  propertyName,
}: ErrorObject): StructureFault {
  const key: unknown = params['additionalProperty'] ?? params['missingProperty'] ?? propertyName
  return {
    keyword,
    path:
      keyword === 'uniqueItems'
        ? [...pathOf(instancePath), Math.max(Number(params['i']), Number(params['j']))]
        : pathOf(instancePath),
    schema: parentSchema ?? {},
    demand: schema,
    value: data,
    key: typeof key === 'string' ? key : undefined,
  }
}

function pathOf(instancePath: string): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
