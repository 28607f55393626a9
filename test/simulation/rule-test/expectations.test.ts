import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { burnWithTickets, codesOf, runStory, runText, type ToldStory } from './told-story.ts'

/** The page that the story leads to, for cases that are about something else. */
const page = '{ at: 1h8m45s, page: { slo: checkout } }'
const routes = [
  'routes:',
  '  - { match: { severity: page }, receivers: [oncall] }',
  '  - { match: { region: global }, receivers: [status-page] }',
]

interface Case {
  readonly what: string
  readonly met: ToldStory
  /** The same with something wrong, and what is said of it. */
  readonly unmet: readonly (readonly [ToldStory, ...string[]])[]
}

const cases: readonly Case[] = [
  {
    what: 'when a page fires, to the step',
    met: { expect: ['{ at: 1h8m45s, page: { slo: checkout } }'] },
    unmet: [
      [{ expect: ['{ at: 1h8m30s, page: { slo: checkout } }'] }, 'TEST_NOT_FIRED'],
      [{ expect: ['{ at: 1h9m, page: { slo: checkout } }'] }, 'TEST_NOT_FIRED'],
      [{ expect: ['{ at: 20h, page: { slo: checkout } }'] }, 'TEST_NOT_FIRED'],
    ],
  },
  {
    what: 'when a page fires, within some time',
    met: { expect: ['{ at: 1h8m, page: { slo: checkout, within: 45s } }'] },
    unmet: [[{ expect: ['{ at: 1h8m, page: { slo: checkout, within: 30s } }'] }, 'TEST_NOT_FIRED']],
  },
  {
    what: 'a moment between two evaluations as the evaluation before it',
    met: { expect: ['{ at: 1h8m59s, page: { slo: checkout } }'] },
    unmet: [[{ expect: ['{ at: 1h8m44s, page: { slo: checkout } }'] }, 'TEST_NOT_FIRED']],
  },
  {
    what: 'a moment by the clock',
    met: { expect: ['{ at: 2026-01-01T01:08:45Z, page: { slo: checkout } }'] },
    unmet: [[{ expect: ['{ at: 2026-01-01T01:08:30Z, page: { slo: checkout } }'] }, 'TEST_NOT_FIRED']],
  },
  {
    what: 'in which scopes a page fires',
    met: { expect: ['{ at: 1h8m45s, page: { slo: checkout, scope: [eu, global] } }'] },
    unmet: [
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, scope: [eu, us, global] } }'] }, 'TEST_NOT_FIRED'],
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, scope: us } }'] }, 'TEST_NOT_FIRED', 'TEST_UNEXPECTED_ALERT'],
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, scope: eu } }'] }, 'TEST_UNEXPECTED_ALERT'],
    ],
  },
  {
    what: 'the rule by which a page fires',
    met: { expect: ['{ at: 1h8m45s, page: { slo: checkout, rule: { long: 1h, short: 5m, burnRate: 14.4 } } }'] },
    unmet: [
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, rule: { long: 6h } } }'] }, 'TEST_NOT_FIRED'],
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, rule: { short: 30m } } }'] }, 'TEST_NOT_FIRED'],
      [{ expect: ['{ at: 1h8m45s, page: { slo: checkout, rule: { burnRate: 14 } } }'] }, 'TEST_NOT_FIRED'],
    ],
  },
  {
    what: 'whom a page goes to',
    met: {
      settings: routes,
      expect: [
        '{ at: 1h8m45s, page: { slo: checkout, scope: eu, receiver: oncall } }',
        '{ at: 1h8m45s, page: { slo: checkout, scope: global, receiver: [status-page, oncall] } }',
      ],
    },
    unmet: [
      [{ settings: routes, expect: ['{ at: 1h8m45s, page: { slo: checkout, receiver: oncall } }'] }, 'TEST_RECEIVERS'],
      [{ settings: routes, expect: ['{ at: 1h8m45s, page: { slo: checkout, receiver: [] } }'] }, 'TEST_RECEIVERS'],
      [
        { settings: routes, expect: ['{ at: 1h8m45s, page: { slo: checkout, receiver: oncal } }'] },
        'TEST_UNKNOWN_RECEIVER',
      ],
    ],
  },
  {
    what: 'when a ticket opens',
    met: {
      series: burnWithTickets,
      settings: ['alerts: listed'],
      expect: ['{ at: 1h45s, ticket: { slo: catalogue, scope: [eu, global] } }'],
    },
    unmet: [
      [
        {
          series: burnWithTickets,
          settings: ['alerts: listed'],
          expect: ['{ at: 1h1m, ticket: { slo: catalogue, scope: [eu, global] } }'],
        },
        'TEST_NOT_FIRED',
      ],
      [{ expect: [page, '{ at: 1h8m45s, ticket: { slo: checkout } }'] }, 'TEST_NOT_FIRED'],
    ],
  },
  {
    what: 'when an alert resolves',
    met: { expect: ['{ at: 1h14m30s, resolved: { slo: checkout, severity: page, scope: [eu, global] } }'] },
    unmet: [
      [{ expect: ['{ at: 1h14m15s, resolved: { slo: checkout } }'] }, 'TEST_NOT_RESOLVED'],
      [{ expect: [page, '{ at: 1h14m30s, resolved: { slo: checkout, severity: ticket } }'] }, 'TEST_NOT_RESOLVED'],
      [{ expect: [page, '{ at: 1h14m30s, resolved: { slo: checkout, scope: us } }'] }, 'TEST_NOT_RESOLVED'],
      [{ expect: [page, '{ at: 1h14m30s, resolved: { slo: search } }'] }, 'TEST_NOT_RESOLVED'],
    ],
  },
  {
    what: 'which alerts are open, all of them',
    met: {
      expect: [
        '{ at: 1h10m, firing: [{ slo: checkout, severity: page, scope: [eu, global] }] }',
        '{ at: 1h20m, firing: [] }',
      ],
    },
    unmet: [
      [{ expect: ['{ at: 1h10m, firing: [{ slo: checkout, scope: eu }] }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: ['{ at: 1h10m, firing: [{ slo: checkout }, { slo: search }] }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: ['{ at: 1h10m, firing: [{ slo: checkout, severity: ticket }] }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: [page, '{ at: 1h20m, firing: [{ slo: checkout }] }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: [page, '{ at: 1h8m30s, firing: [{ slo: checkout }] }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: [page, '{ at: 1h14m30s, firing: [{ slo: checkout }] }'] }, 'TEST_OPEN_ALERTS'],
    ],
  },
  {
    what: 'that no alert is open',
    met: { expect: [page, '{ at: 1h8m30s, none: true }', '{ at: 1h14m30s, none: true }'] },
    unmet: [
      [{ expect: ['{ at: 1h8m45s, none: true }'] }, 'TEST_OPEN_ALERTS'],
      [{ expect: ['{ at: 1h14m15s, none: true }'] }, 'TEST_OPEN_ALERTS'],
    ],
  },
]

const figures: readonly (readonly [string, string, string])[] = [
  ['budgets', 'slo: checkout, scope: eu, bad: 1000', 'slo: checkout, scope: eu, bad: 1001'],
  ['budgets', 'slo: checkout, scope: eu, good: 119000', 'slo: checkout, scope: eu, good: 118999'],
  ['budgets', 'slo: checkout, scope: eu, total: 120000', 'slo: checkout, scope: eu, total: 119999'],
  ['budgets', 'slo: checkout, scope: eu, sli: 0.99167', 'slo: checkout, scope: eu, sli: 0.99166'],
  ['budgets', 'slo: checkout, scope: eu, consumed: 8.333', 'slo: checkout, scope: eu, consumed: 8.332'],
  ['budgets', 'slo: checkout, scope: eu, remaining: -7.333', 'slo: checkout, scope: eu, remaining: -7.334'],
  ['budgets', 'slo: checkout, scope: eu, coverage: 0.00278', 'slo: checkout, scope: eu, coverage: 0.00277'],
  ['budgets', 'slo: checkout, scope: eu, state: ok', 'slo: checkout, scope: eu, state: stale'],
  ['budgets', 'slo: checkout, scope: us, remaining: 1', 'slo: checkout, scope: us, remaining: 0.999'],
  ['budgets', 'slo: checkout, scope: global, bad: 1000', 'slo: checkout, scope: us, bad: 1000'],
  ['budgets', 'slo: checkout, bad: 1000', 'slo: checkout, bad: null'],
  ['budgets', 'slo: search, sli: null', 'slo: search, sli: 1'],
  ['budgets', 'slo: search, state: no-data', 'slo: search, state: no-traffic'],
  ['budgets', 'slo: checkout, bad: 1010, tolerance: 10', 'slo: checkout, bad: 1010, tolerance: 9'],
  ['budgets', 'slo: checkout, scope: eu, remaining: -7.3, tolerance: 0.1', 'slo: checkout, scope: eu, remaining: -7.3'],
  [
    'burnRates',
    'slo: checkout, scope: eu, window: 1h, burnRate: 16.67',
    'slo: checkout, scope: eu, window: 1h, burnRate: 16.65',
  ],
  [
    'burnRates',
    'slo: checkout, scope: eu, window: 1h, errorRatio: 0.01667',
    'slo: checkout, scope: eu, window: 1h, errorRatio: 0.0166',
  ],
  [
    'burnRates',
    'slo: checkout, scope: eu, window: 2h, burnRate: 8.3',
    'slo: checkout, scope: eu, window: 1h, burnRate: 8.3',
  ],
  [
    'burnRates',
    'slo: checkout, scope: eu, window: 1h, bad: 1000, total: 60000',
    'slo: checkout, scope: eu, window: 1h, bad: 1000, total: 120000',
  ],
  [
    'burnRates',
    'slo: checkout, scope: eu, window: 30m, burnRate: 0',
    'slo: checkout, scope: eu, window: 30m, burnRate: null',
  ],
]

const figureCases = figures.map(([list, met, unmet]): Case => {
  const expect = (entry: string): ToldStory => ({ expect: [page, `{ at: 2h, ${list}: [{ ${entry} }] }`] })
  return { what: `${list}: ${met}`, met: expect(met), unmet: [[expect(unmet), 'TEST_FIGURE']] }
})

for (const { what, met, unmet } of [...cases, ...figureCases]) {
  test(`tests can tell ${what}`, async () => assert.deepEqual(codesOf(await runStory(met)), []))
  for (const [story, ...codes] of unmet) {
    test(`and fail on ${story.expect.at(-1)}`, async () => assert.deepEqual(codesOf(await runStory(story)), codes))
  }
}

test('a page that nothing expects fails a test, a ticket does not', async () => {
  const expect = ['{ at: 30m, none: true }']
  assert.deepEqual(codesOf(await runStory({ expect })), ['TEST_UNEXPECTED_ALERT'])
  const tickets = {
    series: [
      'errors_total{service="catalogue",region="eu"}: 0x60 8+8x400',
      'requests_total{service="catalogue",region="eu"}: 0+4000x460',
    ],
    expect,
  }
  assert.deepEqual(codesOf(await runStory(tickets)), [])
})

test('where the alerts are to be listed exactly, a ticket that nothing expects fails as well', async () => {
  const story = { series: burnWithTickets, settings: ['alerts: exactly'] }
  const listed = ['{ at: 1h45s, ticket: { slo: catalogue } }', '{ at: 1h4m, page: { slo: catalogue, within: 1m } }']
  assert.deepEqual(codesOf(await runStory({ ...story, expect: listed })), [])
  assert.deepEqual(codesOf(await runStory({ ...story, expect: listed.slice(1) })), ['TEST_UNEXPECTED_ALERT'])
})

test('where only the alerts listed matter, others may fire', async () => {
  const expect = ['{ at: 30m, none: true }']
  assert.deepEqual(codesOf(await runStory({ settings: ['alerts: listed'], expect })), [])
})

test('one wrong expectation is one failure: the alert that it meant is not unexpected too', async () => {
  const expect = ['{ at: 20m, page: { slo: checkout } }', '{ at: 1h8m45s, resolved: { slo: checkout } }']
  assert.deepEqual(codesOf(await runStory({ expect })), ['TEST_NOT_FIRED', 'TEST_NOT_RESOLVED'])
})

const mistaken: readonly (readonly [string, string, RegExp])[] = [
  ['{ at: 1h, page: { slo: chekout } }', 'TEST_UNKNOWN_SLO 10:28', /no SLO "chekout".*did you mean "checkout"/s],
  [
    '{ at: 1h, page: { slo: checkout, scope: uk } }',
    'TEST_UNKNOWN_SCOPE 10:21',
    /no scope "uk" of the SLO "checkout" in this test did you mean "us"/,
  ],
  ['{ at: 1h, firing: [{ slo: checkout, scope: [eu, asia] }] }', 'TEST_UNKNOWN_SCOPE 10:24', /no scope "asia"/],
  ['{ at: 1h, budgets: [{ slo: shop, bad: 0 }] }', 'TEST_UNKNOWN_SLO 10:32', /no SLO "shop"/],
  ['{ at: 1h, budgets: [{ slo: checkout, scope: uk, bad: 0 }] }', 'TEST_UNKNOWN_SCOPE 10:25', /no scope "uk"/],
  ['{ at: 1h, budgets: [{ slo: checkout, group: { a: b }, bad: 0 }] }', 'TEST_UNKNOWN_SLO 10:32', /grouped by nothing/],
  ['{ at: 1h, burnRates: [{ slo: checkout, window: 31d, burnRate: 0 }] }', 'TEST_WINDOW 10:27', /31d is longer.*30d/s],
  [
    '{ at: 1h, page: { slo: checkout, receiver: oncall } }',
    'TEST_UNKNOWN_RECEIVER 10:15',
    /nothing routes alerts to a receiver "oncall".*routes of the engine config/s,
  ],
]
for (const [item, place, wording] of mistaken) {
  test(`says that ${item} can only be a mistake, and where`, async () => {
    const { tests } = await runStory({ expect: ['{ at: 0s, none: true }', item], settings: ['# a line'] })
    const problems = tests.flatMap((each) => each.problems)
    assert.deepEqual(
      problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`),
      [place],
    )
    assert.match(`${problems[0]?.message} ${problems[0]?.hint}`, wording)
  })
}

test('a series that no SLO counts is told, and does not fail the test', async () => {
  const series = ['requests_total{service="checkuot",region="eu"}: 0+1000x120']
  const result = await runStory({ series, expect: ['{ at: 1h, none: true }'] })
  assert.deepEqual(codesOf(result), [])
  assert.deepEqual(
    result.problems.map(({ code, severity, at }) => [code, severity, at.line]),
    [['TEST_UNUSED_SERIES', 'warning', 4]],
  )
})

test('rules that are not there are a mistake in the test file', async () => {
  const text = 'rules: nowhere.yaml\nevery: 1m\nseries: {}\nexpect: [{ at: 1h, none: true }]\n'
  const { problems, tests } = await runText(text)
  assert.deepEqual(
    problems.map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`),
    ['FILE_NOT_FOUND story.test.yaml:1:8'],
  )
  assert.deepEqual(tests, [])
})

test('an SLO that asks a Prometheus cannot be fed by series, and a grouped one is not one budget', async () => {
  const rules = fileURLToPath(new URL('../../scenarios/rules/indicators.yaml', import.meta.url))
  const expect = '[{ at: 1h, page: { slo: asked } }, { at: 1h, budgets: [{ slo: tenants, bad: 0 }] }]'
  const { tests } = await runText(`rules: ${rules}\nevery: 1m\nseries: {}\nexpect: ${expect}\n`)
  const [first, second] = tests.flatMap((each) => each.problems)
  assert.deepEqual([first.code, second.code], ['TEST_UNKNOWN_SLO', 'TEST_UNKNOWN_SLO'])
  assert.match(first.message, /"asked" asks the API of a Prometheus/)
  assert.match(second.hint ?? '', /give a value for each of: tenant/)
})
