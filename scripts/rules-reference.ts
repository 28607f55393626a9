import { stringify } from 'yaml'
import { problemCodes } from '../src/core/model/problem-codes.ts'
import type { JsonSchema } from '../src/documents/json-schema.ts'
import { policyLintCodes, sloLintCodes } from '../src/rules/lint-codes.ts'
import { rulesGuide } from './rules-guide.ts'

/** The page docs/rules.md: the guide, then every key that the schema of rule files has. */
export function rulesReference(schemas: Readonly<Record<string, JsonSchema>>): string {
  const kinds = Object.entries(schemas)
  const common = commonKeys(kinds)
  const sections = kinds.flatMap(([kind, document]) => kindSection(kind, document, common))
  const lines = [
    '# Rule files',
    '',
    '<!-- Made from src/rules/schema and scripts/rules-guide.ts by `npm run docs`; edit there. -->',
    '',
    rulesGuide,
    '',
    '| Code | What it means | What to do |',
    '|---|---|---|',
    ...[...sloLintCodes, ...policyLintCodes].map((code) => {
      return `| \`${code}\` | ${cell(problemCodes[code].meaning)} | ${cell(problemCodes[code].action)} |`
    }),
    '',
    ...sections,
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

type Kinds = readonly (readonly [string, JsonSchema])[]

/** The spec keys of SLOs that Defaults have as well: they are described once. */
function commonKeys(kinds: Kinds): ReadonlySet<string> {
  const specOf = (wanted: string): string[] => {
    const document = kinds.find(([kind]) => kind === wanted)?.[1]
    return Object.keys(document?.properties?.['spec']?.properties ?? {})
  }
  const ofDefaults = new Set(specOf('Defaults'))
  return new Set(specOf('SLO').filter((key) => ofDefaults.has(key)))
}

function kindSection(kind: string, document: JsonSchema, common: ReadonlySet<string>): string[] {
  const { properties: { metadata, spec } = {} } = document
  const head = [`## ${kind}`, '', document.description ?? '', '']
  if (spec === undefined) return head
  if (kind === 'Defaults') return [...head, `Keys of \`spec\`, as in an SLO: ${codes([...common])}.`, '']
  const ofMetadata = metadata === undefined ? [] : objectSection('metadata', metadata)
  return [...head, ...ofMetadata, ...objectSection('spec', spec, kind === 'SLO' ? common : new Set())]
}

/** What a mapping holds, and below it a section for each mapping within. */
function objectSection(path: string, schema: JsonSchema, fromDefaults: ReadonlySet<string> = new Set()): string[] {
  const properties = Object.entries(schema.properties ?? {})
  const rows = properties.map(([key, property]) => {
    const isRequired = schema.required?.includes(key) === true
    const given = isRequired
      ? `required${fromDefaults.has(key) ? ', here or in `Defaults`' : ''}`
      : property.default === undefined
        ? ''
        : `default \`${inline(property.default)}\``
    return `| \`${key}\` | ${cell(typeOf(property))} | ${cell(given)} | ${cell(describe(property))} |`
  })
  const within = properties.flatMap(([key, property]) => nestedSection(`${path}.${key}`, property))
  const choice = alternatives(schema)
  const orDefaults = choice.some((key) => fromDefaults.has(key)) ? ', here or in `Defaults`' : ''
  const demand = schema.oneOf === undefined ? [] : [`Exactly one of ${codes(choice)}${orDefaults}.`, '']
  return [`### \`${path}\``, '', ...demand, '| Key | Type | | Meaning |', '|---|---|---|---|', ...rows, '', ...within]
}

function nestedSection(path: string, property: JsonSchema): string[] {
  // The codes that can be allowed stand in one table for all kinds.
  if (path.endsWith('.allow')) return []
  const isList = property.properties === undefined && property.items?.properties !== undefined
  const schema = isList ? property.items : property
  if (schema?.properties === undefined) return []
  const [head = '', ...rest] = objectSection(isList ? `${path}[]` : path, schema)
  return [head, '', ...exampleOf(path, property), ...rest.slice(1)]
}

function exampleOf(path: string, { examples = [] }: JsonSchema): string[] {
  const example = examples.find((each) => typeof each === 'object')
  if (example === undefined) return []
  const key = path.split('.').at(-1) ?? path
  return ['```yaml', stringify({ [key]: example }, { lineWidth: 0, singleQuote: true }).trimEnd(), '```', '']
}

function alternatives({ oneOf = [] }: JsonSchema): string[] {
  return oneOf.flatMap(({ required = [] }) => required)
}

function describe(property: JsonSchema): string {
  const scalar = property.examples?.find((each) => typeof each !== 'object')
  const example = scalar === undefined || property.enum !== undefined ? '' : ` Example: \`${inline(scalar)}\`.`
  return `${property.description ?? ''}${example}`.trim()
}

function typeOf(property: JsonSchema): string {
  if (property.enum !== undefined) return property.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (property.const !== undefined) return `\`${inline(property.const)}\``
  const types = [property.type ?? []].flat().map((type) => {
    if (type === 'array') return property.items?.type === undefined ? 'list' : `list of ${typeOf(property.items)}`
    return typeNames[type]
  })
  return types.join(' or ')
}

const typeNames = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'mapping',
  array: 'list',
  null: 'empty',
} as const

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
