import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { problemCodes } from '../../src/core/model/problem-codes.ts'
import { schemaFaults } from '../../src/documents/schema-faults.ts'
import { parseRules, type RuleSet } from '../../src/rules/parse-rules.ts'
import { documentSchemas } from '../../src/rules/schema/rule-schema.ts'

test('answers any text with rules or problems', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), yamlSoup), async (text) => {
      await checkAnswer(text)
    }),
    { numRuns: 1_000 },
  )
})

test('answers any damage to a right file with rules or problems', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(right.length),
      fc.nat(20),
      fc.oneof(fc.constantFrom(...pieces), fc.string()),
      async (at, length, piece) => {
        await checkAnswer(right.slice(0, at) + piece + right.slice(at + length))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('answers any value in any place with an SLO or an error', async () => {
  await fc.assert(
    fc.asyncProperty(places, fc.oneof(anyScalar, fc.jsonValue({ maxDepth: 2 })), async ([kind, path], value) => {
      const document = withValue(kind, path, value)
      const { slos, problems } = await checkAnswer(JSON.stringify(document))
      const isRefused = schemaFaults(documentSchemas.SLO, JSON.parse(JSON.stringify(document))).length > 0
      const hasError = problems.some(({ severity }) => severity === 'error')
      assert.equal(slos.length, hasError ? 0 : 1)
      if (isRefused) assert.ok(hasError, 'the schema refuses what the reader accepts')
    }),
    { numRuns: 2_000 },
  )
})

const right = `apiVersion: sloburn/v1
kind: Defaults
spec: { service: s, regions: { label: region, objectives: { eu: 99 } }, labels: { team: x } }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: a, labels: { team: x } }
spec:
  objectives: [{ percent: 99 }, { from: 2026-10-01, percent: 99.9 }]
  window: { calendar: month, timeZone: Europe/London }
  indicator:
    ratio: { bad: 'b_total{code=~"5.."}', total: b_total }
  regions: { expected: [eu, us], global: events }
  groupBy: [tenant]
  traffic: { perMonth: 100000 }
  alerting: { policy: p, page: { labels: { a: b }, receivers: [r] }, labels: { a: b } }
  allow: { RULE_NEVER_FIRES: because }
---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: b }
spec:
  objective: 99.9
  window: 30d
  indicator: { timeSlices: { slice: 1m, good: 'bad / all <= 0.01', signals: { bad: b_total, all: t_total } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: c }, spec: { objective: 99, window: 7d, indicator:
  { composite: { combine: weighted, of: [{ slo: b, weight: 2 }, { slo: d }] } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: d }, spec: { objective: 99, window: 7d, indicator:
  { query: { bad: 'sum(rate(b[$window]))', total: 'sum(rate(t[$window]))' } } } }
---
{ apiVersion: sloburn/v1, kind: SLO, metadata: { name: e }, spec: { objective: 99, window: 7d, indicator:
  { latency: { histogram: 'h_seconds{job="a"}', below: 300ms } } } }
---
apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: p }
spec:
  rules:
    - { severity: page, long: 1h, short: 5m, budget: 2% }
    - { severity: ticket, long: 1d, short: 2h, burnRate: 3 }
  for: 1m
  keepFiringFor: 0s
`

const pieces = [
  '',
  ' ',
  '\n',
  '\t',
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '!!map ',
  '|\n',
  '---\n',
  '%YAML 1.1\n',
  '\u0000',
  '\u2028',
  '💥',
  '<<: *a',
  '? ',
  'null',
  '-',
  '0x1',
  '__proto__: { a: 1 }, ',
  'value < 3',
  '$window',
  'expression: { signals: { a: a }, bad: a, total: a }, ',
  'threshold: { metric: m, good: "value < 3" }, ',
]

const yamlSoup = fc
  .array(fc.constantFrom(...pieces, 'apiVersion: sloburn/v1\n', 'kind: SLO\n', 'spec:\n', '  a: 1\n', 'metadata:\n'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''))

const anyScalar = fc.oneof(
  fc.constantFrom(
    '0',
    '30d',
    '1h',
    '-5m',
    '99.9',
    '100',
    '2%',
    'on',
    'a{',
    'a_total',
    '__proto__',
    'workbook',
    'https://x.example',
    'value < 3',
    'x[$window]',
    'UTC',
    '2026-10-01',
  ),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)

const specPaths = [
  ['metadata', 'name'],
  ['metadata', 'labels'],
  ['metadata', 'labels', '__proto__'],
  ['spec', 'service'],
  ['spec', 'objective'],
  ['spec', 'objectives'],
  ['spec', 'window'],
  ['spec', 'window', 'calendar'],
  ['spec', 'window', 'timeZone'],
  ['spec', 'runbook'],
  ['spec', 'labels', 'a-b'],
  ['spec', 'indicator'],
  ['spec', 'regions'],
  ['spec', 'regions', 'expected'],
  ['spec', 'regions', 'global'],
  ['spec', 'regions', 'objectives'],
  ['spec', 'regions', 'objectives', 'eu'],
  ['spec', 'alerting'],
  ['spec', 'alerting', 'policy'],
  ['spec', 'alerting', 'page'],
  ['spec', 'alerting', 'page', 'receivers'],
  ['spec', 'alerting', 'ticket'],
  ['spec', 'groupBy'],
  ['spec', 'traffic'],
  ['spec', 'traffic', 'perMonth'],
  ['spec', 'allow'],
  ['spec', 'allow', 'RULE_NEVER_FIRES'],
  ['spec', 'constructor'],
]

const signals = { a: 'a_total', b: 'b_total' }

/** An indicator of each kind that stands by itself. */
const indicators: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ratio: { bad: 'b_total', total: 't_total' },
  latency: { histogram: 'h_seconds', below: '300ms' },
  threshold: { metric: 'm', good: 'value < 3', combine: 'max' },
  expression: { signals, bad: 'a', total: 'b' },
  timeSlices: { slice: '1m', good: 'a / b < 1', signals, method: 'slices' },
  query: { bad: 'a[$window]', total: 'b[$window]' },
}

/** A right document of some kind, and a place in it or where something could be. */
const places = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.keys(indicators)), fc.constantFrom(...specPaths)),
  fc.constantFrom(
    ...Object.entries(indicators).flatMap(([kind, content]) => {
      const keys = ['', '__proto__', 'errorRatio', ...Object.keys(content)]
      const paths = [[], ['signals', 'a'], ['signals', 'constructor'], ...keys.map((key) => [key])]
      return paths.map((path): [string, string[]] => [kind, ['spec', 'indicator', kind, ...path]])
    }),
  ),
)

async function checkAnswer(text: string): Promise<RuleSet> {
  const rules = await parseRules([{ name: 'a.yaml', text }])
  const lineCount = text.split('\n').length
  for (const { code, at, message } of rules.problems) {
    assert.ok(Object.hasOwn(problemCodes, code))
    assert.ok(at.line >= 0 && at.line <= lineCount, `line ${at.line} of ${lineCount}`)
    assert.ok(message !== '')
  }
  return rules
}

/** A document that is right but for the value at one path; written as JSON, so that any value can stand there. */
function withValue(kind: string, path: readonly string[], value: unknown): unknown {
  const document = {
    apiVersion: 'sloburn/v1',
    kind: 'SLO',
    metadata: { name: 'a' },
    spec: { service: 's', objective: 99.9, window: '30d', indicator: { [kind]: indicators[kind] } },
  }
  return replaceAt(document, path, value)
}

function replaceAt(parent: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const entries = new Map(Object.entries(typeof parent === 'object' && parent !== null ? parent : {}))
  entries.set(key, rest.length === 0 ? value : replaceAt(entries.get(key), rest, value))
  return Object.fromEntries(entries)
}
