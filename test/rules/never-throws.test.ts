import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { problemCodes } from '../../src/core/model/problem-codes.ts'
import { parseRules, type RuleSet } from '../../src/rules/parse-rules.ts'
import { structureFaults } from '../../src/rules/schema/validate-structure.ts'

test('answers any text with rules or problems', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), yamlSoup), (text) => {
      checkAnswer(text)
    }),
    { numRuns: 1_000 },
  )
})

test('answers any damage to a right file with rules or problems', () => {
  fc.assert(
    fc.property(
      fc.nat(right.length),
      fc.nat(20),
      fc.oneof(fc.constantFrom(...pieces), fc.string()),
      (at, length, piece) => {
        checkAnswer(right.slice(0, at) + piece + right.slice(at + length))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('answers any value in any place with an SLO or an error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.oneof(anyScalar, fc.jsonValue({ maxDepth: 2 })), (path, value) => {
      const document = withValue(path, value)
      const { slos, problems } = checkAnswer(JSON.stringify(document))
      const isRefused = structureFaults('SLO', JSON.parse(JSON.stringify(document))).length > 0
      const hasError = problems.some(({ severity }) => severity === 'error')
      assert.equal(slos.length, hasError ? 0 : 1)
      if (isRefused) assert.ok(hasError, 'the schema refuses what the reader accepts')
    }),
    { numRuns: 2_000 },
  )
})

const right = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: a, labels: { team: x } }
spec:
  service: s
  objective: 99.9
  window: 30d
  indicator:
    ratio: { bad: 'b_total{code=~"5.."}', total: b_total }
  regions: { label: region, expected: [eu, us], global: events }
  alerting: { policy: p, page: true, labels: { a: b } }
---
apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: p }
spec:
  rules:
    - { severity: page, long: 1h, short: 5m, budget: 2% }
    - { severity: ticket, long: 1d, short: 2h, burnRate: 3 }
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
  ),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)

const paths = [
  ['metadata', 'name'],
  ['metadata', 'labels'],
  ['metadata', 'labels', '__proto__'],
  ['spec', 'service'],
  ['spec', 'objective'],
  ['spec', 'window'],
  ['spec', 'runbook'],
  ['spec', 'labels', 'a-b'],
  ['spec', 'indicator'],
  ['spec', 'indicator', 'ratio'],
  ['spec', 'indicator', 'ratio', 'bad'],
  ['spec', 'regions'],
  ['spec', 'regions', 'expected'],
  ['spec', 'regions', 'global'],
  ['spec', 'alerting'],
  ['spec', 'alerting', 'policy'],
  ['spec', 'alerting', 'ticket'],
  ['spec', 'constructor'],
]

function checkAnswer(text: string): RuleSet {
  const rules = parseRules([{ name: 'a.yaml', text }])
  const lineCount = text.split('\n').length
  for (const { code, at, message } of rules.problems) {
    assert.ok(Object.hasOwn(problemCodes, code))
    assert.ok(at.line >= 0 && at.line <= lineCount, `line ${at.line} of ${lineCount}`)
    assert.ok(message !== '')
  }
  return rules
}

/** A document that is right but for the value at one path; written as JSON, so that any value can stand there. */
function withValue(path: readonly string[], value: unknown): unknown {
  const ratio = { bad: 'b_total', total: 't_total' }
  const document = {
    apiVersion: 'sloburn/v1',
    kind: 'SLO',
    metadata: { name: 'a' },
    spec: { service: 's', objective: 99.9, window: '30d', indicator: { ratio } },
  }
  return replaceAt(document, path, value)
}

function replaceAt(parent: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const entries = new Map(Object.entries(typeof parent === 'object' && parent !== null ? parent : {}))
  entries.set(key, rest.length === 0 ? value : replaceAt(entries.get(key), rest, value))
  return Object.fromEntries(entries)
}
