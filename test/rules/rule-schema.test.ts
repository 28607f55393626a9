import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { rulesGuide } from '../../scripts/rules-guide.ts'
import { rulesReference } from '../../scripts/rules-reference.ts'
import { parseDuration } from '../../src/core/time/duration.ts'
import { indicatorKinds } from '../../src/rules/indicators/all-kinds.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { readDocuments } from '../../src/rules/read-documents.ts'
import { documentSchemas, ruleSchema } from '../../src/rules/schema/rule-schema.ts'
import { budgetShareSchema, durationSchema, nameSchema } from '../../src/rules/schema/scalar-schemas.ts'
import { sharedProperties } from '../../src/rules/schema/slo-schema.ts'
import { printRules } from '../support/rule-printing/print-rules.ts'
import { drawnRules } from './rule-arbitraries.ts'

const schemaFile = new URL('../../rules/schema/sloburn.v1.schema.json', import.meta.url)
const examples = new URL('../../rules/examples/', import.meta.url)

test('the published schema is the one that rules are checked by', async () => {
  const published: unknown = JSON.parse(await readFile(schemaFile, 'utf8'))
  assert.equal(
    JSON.stringify(published),
    JSON.stringify(ruleSchema),
    'write rules/schema/sloburn.v1.schema.json anew from ruleSchema',
  )
})

test('the shipped examples have no problem and name the schema for editors', async () => {
  const { slos, policies, problems } = await loadRules([examples.pathname])
  assert.deepEqual(problems, [])
  assert.deepEqual(
    slos.map(({ name }) => name),
    ['checkout-availability', 'payments-authorization'],
  )
  assert.deepEqual(
    policies.map(({ name }) => name),
    ['fast-and-slow'],
  )
  for (const { at } of slos) {
    assert.match(
      await readFile(at.file, 'utf8'),
      /^# yaml-language-server: \$schema=\.\.\/schema\/sloburn\.v1\.schema\.json\n/,
    )
  }
})

test('an editor that knows draft-07 and nothing of ours accepts the examples and refuses an unknown key', async () => {
  const validate = new Ajv({ strict: false }).compile(ruleSchema)
  for (const name of ['checkout-availability.yaml', 'payments-by-region.yaml']) {
    const text = await readFile(new URL(name, examples), 'utf8')
    for (const { value } of readDocuments({ name, text }).documents) {
      assert.ok(validate(value), JSON.stringify(validate.errors))
      assert.equal(validate({ ...Object(value), spec: { nonsense: 1 } }), false)
    }
  }
})

test('an editor accepts whatever is accepted, also where it stands in the defaults of the file', async () => {
  const isValid = new Ajv({ strict: false }).compile(ruleSchema)
  let moved = 0
  await fc.assert(
    fc.asyncProperty(drawnRules, fc.array(fc.constantFrom(...Object.keys(sharedProperties))), async (rules, keys) => {
      const { slos, policies } = rules
      const printed = printRules([
        ...policies.map((policy) => ({ kind: 'AlertPolicy' as const, policy })),
        ...slos.map((slo) => ({ kind: 'SLO' as const, slo })),
      ])
      const whole = readDocuments({ name: 'a.yaml', text: printed }).documents.map(({ value }) => Object(value))
      const first = whole.find(({ kind }) => kind === 'SLO')
      const common = keys.filter((key) => Object.hasOwn(first?.spec ?? {}, key))
      const defaults = Object.fromEntries(common.map((key) => [key, first.spec[key]]))
      const documents = [{ apiVersion: 'sloburn/v1', kind: 'Defaults', spec: defaults }, ...whole]
      for (const key of common) delete first.spec[key]
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
      const { problems } = await parseRules([{ name: 'a.yaml', text }])
      if (first === undefined || problems.some(({ severity }) => severity === 'error')) return
      moved += common.length
      for (const document of documents) assert.ok(isValid(document), JSON.stringify([document, isValid.errors]))
    }),
    { numRuns: 100 },
  )
  assert.ok(moved > 50, `${moved} keys were moved`)
})

test('of two keys that exclude each other an editor refuses the second', () => {
  const isValid = new Ajv({ strict: false }).compile(ruleSchema)
  assert.ok(isValid(documentOf({})), JSON.stringify(isValid.errors))
  assert.ok(isValid(documentOf({ objective: 99 })))
  assert.equal(isValid(documentOf({ objective: 99, objectives: [{ percent: 99 }] })), false)
  assert.equal(isValid(documentOf({ indicator: undefined })), false)
})

test('every property of the schema tells an editor what it is for', () => {
  for (const [path, schema] of properties(ruleSchema, '')) {
    const isSelfExplaining = 'const' in schema || /\/(metadata|spec)$/.test(path)
    assert.ok(isSelfExplaining || 'description' in schema, `${path} has no description`)
  }
})

test('the patterns for editors accept what the readers accept', () => {
  const duration = new RegExp(durationSchema.pattern)
  for (const text of ['0', '0s', '5m', '1h30m', '30d', '1y2w3d4h5m6s7ms', '', '5', '1m1h', '1.5h', '-5m', ' 5m', 'm']) {
    assert.equal(duration.test(text), parseDuration(text) !== undefined, text)
  }
  const share = new RegExp(budgetShareSchema.pattern)
  for (const [text, isShare] of [
    ['2%', true],
    ['2.5 %', true],
    ['2', false],
    ['%', false],
    ['-2%', false],
  ] as const) {
    assert.equal(share.test(text), isShare, text)
  }
  const name = new RegExp(nameSchema.pattern)
  for (const [text, isName] of [
    ['a', true],
    ['a.b_c-1', true],
    ['A', false],
    ['-a', false],
    ['a/b', false],
    ['', false],
  ] as const) {
    assert.equal(name.test(text), isName, text)
  }
})

test('every example of the schema is one by its own schema', () => {
  const ajv = new Ajv({ strict: false })
  let count = 0
  for (const [path, schema] of properties(ruleSchema, '')) {
    const given = 'examples' in schema && Array.isArray(schema.examples) ? schema.examples : []
    const isValid = ajv.compile(schema)
    for (const example of given) {
      count += 1
      assert.ok(isValid(example), `${path}: ${JSON.stringify(example)} ${JSON.stringify(isValid.errors)}`)
    }
  }
  assert.ok(count > 100, `${count} examples`)
})

for (const [kind, { schema }] of Object.entries(indicatorKinds)) {
  test(`the example of ${kind} is read without a problem`, async () => {
    const example = schema.examples?.[0]
    const members = JSON.stringify(example).match(/(?<="slo":")[^"]*/g) ?? []
    const indicators = [{ [kind]: example }, ...members.map(() => ({ ratio: { bad: 'b', total: 't' } }))]
    const documents = indicators.map((indicator, index) => {
      const spec = { service: 's', objective: 99.9, window: '30d', indicator }
      return { apiVersion: 'sloburn/v1', kind: 'SLO', metadata: { name: members[index - 1] ?? 'example' }, spec }
    })
    const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
    const { slos, problems } = await parseRules([{ name: 'a.yaml', text }])
    assert.deepEqual(problems, [])
    assert.equal(slos.length, 1 + members.length)
  })
}

test('the reference page has a row for every key, and the guide as it is', () => {
  const page = rulesReference(documentSchemas)
  for (const [path] of properties(ruleSchema, '')) {
    const key = path.split('/').at(-1) ?? ''
    const isHead = /\/(apiVersion|kind|metadata|spec)$/.test(path)
    assert.ok(isHead || page.includes(`| \`${key}\` |`), `${path} has no row`)
  }
  assert.ok(page.includes(rulesGuide))
})

test('the reference page says what is required, what is so by itself, and which of several is one', () => {
  const page = rulesReference({
    Thing: {
      description: 'A thing.',
      properties: {
        spec: {
          properties: {
            size: { type: ['string', 'number'], description: 'How large | how small.', examples: [3] },
            colour: { enum: ['red', 'blue'], description: 'What it looks like.', default: 'red' },
            parts: {
              type: 'array',
              description: 'What it is made of.',
              items: { type: 'object', properties: { name: { type: 'string', description: 'What it is called.' } } },
              examples: [[{ name: 'wheel' }]],
            },
          },
          required: ['size'],
          oneOf: [{ required: ['size'] }, { required: ['colour'] }],
        },
      },
    },
  })
  const wanted = `## Thing

A thing.

### \`spec\`

Exactly one of \`size\`, \`colour\`.

| Key | Type | | Meaning |
|---|---|---|---|
| \`size\` | text or number | required | How large \\| how small. Example: \`3\`. |
| \`colour\` | \`red\`, \`blue\` | default \`red\` | What it looks like. |
| \`parts\` | list of mapping |  | What it is made of. |

### \`spec.parts[]\`

\`\`\`yaml
parts:
  - name: wheel
\`\`\`

| Key | Type | | Meaning |
|---|---|---|---|
| \`name\` | text |  | What it is called. |
`
  assert.ok(page.endsWith(wanted), page.slice(-wanted.length))
})

function documentOf(spec: object): object {
  const indicator = { ratio: { bad: 'b', total: 't' } }
  return { apiVersion: 'sloburn/v1', kind: 'SLO', metadata: { name: 'a' }, spec: { indicator, ...spec } }
}

function* properties(schema: unknown, path: string): Generator<[string, object]> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'if' || key === 'examples') continue
    if (key === 'properties' && typeof value === 'object' && value !== null) {
      for (const [name, property] of Object.entries(value)) yield [`${path}/${name}`, Object(property)]
    }
    yield* properties(value, key === 'properties' ? path : `${path}/${key}`)
  }
}
