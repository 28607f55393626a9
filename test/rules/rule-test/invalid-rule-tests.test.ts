import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { formatProblem } from '../../../src/core/model/problem.ts'
import { parseRuleTests } from '../../../src/rules/rule-test/parse-rule-tests.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

/** A test file that is right; each case below replaces one line of it. */
const sound = `rules: shop.yaml
every: 1m
start: 2026-01-01T00:00:00Z
tests:
  - name: a story
    series:
      total{region="eu"}: 0+10x60
      'bad{region="eu"}': '0x30 1x29'
    expect:
      - at: 30m
        page: { slo: checkout, scope: eu }
      - at: 1h
        budgets: [{ slo: checkout, remaining: 0.5 }]
        burnRates: [{ slo: checkout, window: 1h, burnRate: 1 }]
        firing: []
`

interface Case {
  readonly what: string
  readonly line: number
  readonly by: string
  /** Code and place of each problem. */
  readonly problems: readonly string[]
  readonly wording: RegExp
}

const cases: readonly Case[] = [
  {
    what: 'a file without rules',
    line: 1,
    by: '',
    problems: ['MISSING_KEY 1:1'],
    wording: /"rules" is missing in the document\n.*for example rules: checkout\.yaml/,
  },
  {
    what: 'an unknown key',
    line: 2,
    by: 'every: 1m\nevrey: 1m',
    problems: ['UNKNOWN_KEY 3:1'],
    wording: /did you mean "every"\?/,
  },
  {
    what: 'an interval without a unit',
    line: 2,
    by: 'every: 1',
    problems: ['WRONG_TYPE 2:8'],
    wording: /every must be text, not 1\n.*for example 1m/,
  },
  {
    what: 'an interval of nothing',
    line: 2,
    by: 'every: 0s',
    problems: ['RULE_DURATION 2:8'],
    wording: /longer than 0/,
  },
  {
    what: 'a start that is no time',
    line: 3,
    by: 'start: new year',
    problems: ['TEST_TIME 3:8'],
    wording: /"new year" is not a time/,
  },
  {
    what: 'a start between two evaluations',
    line: 3,
    by: 'start: 2026-01-01T00:00:07Z',
    problems: ['TEST_TIME 3:8'],
    wording: /multiple of the evaluation interval 15s\n.*2026-01-01T00:00:00Z/,
  },
  {
    what: 'a test file that is one test and several at once',
    line: 3,
    by: 'series: {}\nexpect: [{ at: 1h, none: true }]',
    problems: ['TEST_FORM 1:1'],
    wording: /either "tests", or "series" and "expect"/,
  },
  {
    what: 'a name for a test that is not there',
    line: 3,
    by: 'name: nobody',
    problems: ['TEST_FORM 3:7'],
    wording: /no test that this could be the name of/,
  },
  {
    what: 'a test without a name',
    line: 5,
    by: '  - every: 1m',
    problems: ['MISSING_KEY 5:5'],
    wording: /"name" is missing in tests\[0\]/,
  },
  {
    what: 'values with a comma',
    line: 7,
    by: '      total{region="eu"}: 1, 2',
    problems: ['TEST_SERIES 7:28'],
    wording: /"," does not belong here\n.*spaces/,
  },
  {
    what: 'a fault in quoted values',
    line: 8,
    by: `      'bad{region="eu"}': '0x30 1+1'`,
    problems: ['TEST_SERIES 8:33'],
    wording: /1\+1 does not say how often\n.*1\+1x60/,
  },
  {
    what: 'a fault in folded values',
    line: 8,
    by: '      bad: >-\n        0x30\n        1x\n',
    problems: ['TEST_SERIES 10:11'],
    wording: /whole number of repetitions/,
  },
  {
    what: 'a series with a matcher',
    line: 7,
    by: '      total{region=~"eu"}: 0x60',
    problems: ['TEST_SERIES 7:19'],
    wording: /"=" must follow "region"/,
  },
  {
    what: 'a fault in a quoted series',
    line: 8,
    by: `      'bad{region=eu}': 0x60`,
    problems: ['TEST_SERIES 8:19'],
    wording: /a value in quotes for "region"/,
  },
  {
    what: 'the same series twice',
    line: 8,
    by: '      total{region="eu",}: 0x60',
    problems: ['TEST_SERIES 8:7'],
    wording: /total\{region="eu"\} stands in line 7 already/,
  },
  {
    what: 'values that are a list',
    line: 8,
    by: '      bad: [1, 2]',
    problems: ['WRONG_TYPE 8:12'],
    wording: /must be text or a number, not a list/,
  },
  {
    what: 'a story longer than anybody waits for',
    line: 2,
    by: 'every: 365d',
    problems: ['TEST_TOO_LARGE 7:7'],
    wording: /the series last 21900d, .* at most 1000000/,
  },
  {
    what: 'more values than there is room for',
    line: 7,
    by: Array.from({ length: 11 }, (_, index) => `      total{n="${index}"}: 0x999990`).join('\n'),
    problems: ['TEST_TOO_LARGE 7:7'],
    wording: /11000001 values|values, and a test at most 10000000/,
  },
  {
    what: 'a moment without a unit',
    line: 10,
    by: '      - at: 30',
    problems: ['TEST_TIME 10:13'],
    wording: /"30" is not a time\n.*for example 30m/,
  },
  {
    what: 'a moment that is none',
    line: 10,
    by: '      - at: noon',
    problems: ['TEST_TIME 10:13'],
    wording: /"noon" is not a time\n.*1h8m, or RFC 3339/,
  },
  {
    what: 'a moment before the start',
    line: 10,
    by: '      - at: 2025-12-31T23:00:00Z',
    problems: ['TEST_TIME 10:13'],
    wording: /lies before the start/,
  },
  {
    what: 'an expectation of nothing',
    line: 11,
    by: '',
    problems: ['TEST_FORM 10:9'],
    wording: /there must be what is expected then/,
  },
  {
    what: 'a misspelt key of an alert',
    line: 11,
    by: '        page: { slo: checkout, scpe: eu }',
    problems: ['UNKNOWN_KEY 11:32'],
    wording: /did you mean "scope"\?/,
  },
  {
    what: 'a page of severity ticket',
    line: 11,
    by: '        page: { slo: checkout, severity: ticket }',
    problems: ['WRONG_VALUE 11:42'],
    wording: /must be page, not "ticket"/,
  },
  {
    what: 'an alert of no SLO',
    line: 11,
    by: '        page: { scope: eu }',
    problems: ['MISSING_KEY 11:9'],
    wording: /"slo" is missing in tests\[0\]\.expect\[0\]\.page/,
  },
  {
    what: 'a rule that is not told',
    line: 11,
    by: '        page: { slo: checkout, rule: {} }',
    problems: ['WRONG_VALUE 11:38'],
    wording: /long, short or burnRate/,
  },
  {
    what: 'a figure in quotes',
    line: 13,
    by: '        budgets: [{ slo: checkout, remaining: "0.5" }]',
    problems: ['WRONG_TYPE 13:47'],
    wording: /must be a number or empty, not "0\.5"/,
  },
  {
    what: 'a budget of which nothing is expected',
    line: 13,
    by: '        budgets: [{ slo: checkout }]',
    problems: ['TEST_FORM 13:19'],
    wording: /this entry expects no figure/,
  },
  {
    what: 'a state that is none',
    line: 13,
    by: '        budgets: [{ slo: checkout, state: okay }]',
    problems: ['WRONG_VALUE 13:43'],
    wording: /must be ok, no-traffic, partial, stale or no-data/,
  },
  {
    what: 'a tolerance of nothing',
    line: 13,
    by: '        budgets: [{ slo: checkout, remaining: 0.5, tolerance: 0 }]',
    problems: ['WRONG_VALUE 13:63'],
    wording: /a tolerance is a number above 0/,
  },
  {
    what: 'a burn rate over no window',
    line: 14,
    by: '        burnRates: [{ slo: checkout, burnRate: 1 }]',
    problems: ['MISSING_KEY 14:21'],
    wording: /"window" is missing/,
  },
  {
    what: 'none: false',
    line: 15,
    by: '        none: false',
    problems: ['WRONG_VALUE 15:15'],
    wording: /none must be true, not false/,
  },
  {
    what: 'a mode that is none',
    line: 5,
    by: '  - name: a story\n    alerts: all',
    problems: ['WRONG_VALUE 6:13'],
    wording: /must be pages, exactly or listed, not "all"/,
  },
]

test('the file that the cases change is right', () => {
  const { documents, problems } = parseRuleTests({ name: 'a.test.yaml', text: sound })
  assert.deepEqual(problems, [])
  assert.equal(documents[0]?.tests[0]?.expectations.length, 4)
})

for (const { what, line, by, problems, wording } of cases) {
  test(`refuses ${what}`, () => {
    const lines = sound.split('\n')
    lines[line - 1] = by
    const text = lines.filter((each, index) => each !== '' || index !== line - 1).join('\n')
    const found = parseRuleTests({ name: 'a.test.yaml', text })
    const told = found.problems.map(formatProblem).join('\n')
    assert.deepEqual(
      found.problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`),
      problems,
      told,
    )
    assert.match(told, wording)
    assert.equal(found.documents.length, 0)
  })
}

test('every path is taken from where the test file is', () => {
  const text = sound.replace('shop.yaml', '[shop.yaml, ../policies, /etc/rules]')
  const [document] = parseRuleTests({ name: 'teams/shop/a.test.yaml', text }).documents
  assert.deepEqual(
    document?.rules.map(({ path }) => path),
    ['teams/shop/shop.yaml', 'teams/policies', '/etc/rules'],
  )
})

test('a file with one test needs no list, and is called as the file when it has no name', () => {
  const text = 'rules: a.yaml\nevery: 30s\nseries: { a: 1x2 }\nexpect: [{ at: 1m, none: true }]\n'
  const [document] = parseRuleTests({ name: 'x/fast-burn.test.yaml', text }).documents
  const [only] = document?.tests ?? []
  assert.equal(only?.name, 'fast-burn')
  assert.deepEqual([only?.everyMs, only?.stepMs, only?.alerts], [30_000, 15_000, 'pages'])
  assert.deepEqual(only?.series[0]?.values, [1, 1, 1])
})

test('what a test says for itself wins over what the file says for all', () => {
  const text = `rules: a.yaml
every: 30s
alerts: exactly
evaluation: { interval: 1m }
tests:
  - { name: a, series: {}, expect: [{ at: 1m, none: true }] }
  - { name: b, every: 5m, start: '2026-03-29T00:00:00Z', alerts: listed, series: {}, expect: [{ at: 1m, none: true }] }
`
  const [document] = parseRuleTests({ name: 'a.test.yaml', text }).documents
  const settings = document?.tests.map(({ everyMs, stepMs, alerts, start }) => ({ everyMs, stepMs, alerts, start }))
  assert.deepEqual(settings, [
    { everyMs: 30_000, stepMs: 60_000, alerts: 'exactly', start: Date.UTC(2026, 0, 1) },
    { everyMs: 300_000, stepMs: 60_000, alerts: 'listed', start: Date.UTC(2026, 2, 29) },
  ])
})

test('a number is compared with as many digits as it is written with, and not with too few', () => {
  const figures = 'remaining: 1, sli: 0.99985, consumed: 1.50e-2, bad: 900'
  const text = sound.replace('remaining: 0.5', figures)
  const [document] = parseRuleTests({ name: 'a.test.yaml', text }).documents
  const budget = document?.tests[0]?.expectations.find(({ kind }) => kind === 'figures')
  assert.ok(budget?.kind === 'figures')
  const tolerances = budget.figures.map((figure) => [figure.name, figure.name === 'state' ? 0 : figure.tolerance])
  assert.deepEqual(Object.fromEntries(tolerances), {
    bad: 0.5,
    sli: 0.5e-5,
    consumed: 0.5e-4,
    remaining: 0.5e-3,
  })
})

test('whatever stands in a test file, reading it does not throw', () => {
  const lines = sound.split('\n')
  const cut = fc.tuple(
    fc.nat(lines.length - 1),
    fc.constantFrom('', '  ', '- ', '[', '{', ': ', 'x: 1', '&a', '*a', 'null'),
  )
  const mangled = fc.tuple(fc.shuffledSubarray(lines, { minLength: 3 }), cut).map(([kept, [at, by]]) => {
    return [...kept.slice(0, at), by, ...kept.slice(at)].join('\n')
  })
  holdsForAll(
    fc.property(fc.oneof(mangled, fc.string()), (text) => {
      for (const { at } of parseRuleTests({ name: 'a.test.yaml', text }).problems) assert.equal(at.file, 'a.test.yaml')
    }),
    300,
  )
})
