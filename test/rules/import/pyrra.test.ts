import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDuration } from '../../../src/core/time/duration.ts'
import { pyrraTiers } from '../../../src/rules/import/pyrra/pyrra-tiers.ts'
import { convertedPart, errorsOf, problemsOf, read } from './reading.ts'

interface PyrraChoices {
  readonly name?: string
  readonly metadata?: string
  readonly target?: string
  readonly window?: string
  readonly indicator?: string
  readonly rest?: string
}

const ratio = "{ ratio: { errors: { metric: 'bad_total' }, total: { metric: 'all_total' } } }"

/** A ServiceLevelObjective; `rest` are further keys of its spec. */
function pyrra(choices: PyrraChoices = {}): string {
  const { name = 'api', metadata = '', target = '"99"', window = '4w', indicator = ratio, rest = '' } = choices
  return `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: ${name}${metadata} }
spec:
  target: ${target}
  window: ${window}
  indicator: ${indicator}
  ${rest}
`
}

function latency(success: string): string {
  return `{ latency: { success: { metric: 'h_seconds_bucket{${success}}' }, total: { metric: 'h_seconds_count{a="b"}' } } }`
}

const day = 86_400_000

/** Pyrra's own example of 28 days, and what its rounding makes of others. */
const tiers: readonly (readonly [days: number, windows: readonly string[]])[] = [
  [28, ['1h/5m/2m', '6h/30m/15m', '1d/2h/1h', '4d/6h/3h']],
  [30, ['1h4m/5m/2m', '6h26m/32m/16m', '1d1h43m/2h9m/1h4m', '4d6h51m/6h26m/3h13m']],
  [14, ['30m/3m/1m', '3h/15m/8m', '12h/1h/30m', '2d/3h/1h30m']],
  [7, ['15m/1m/1m', '1h30m/8m/4m', '6h/30m/15m', '1d/1h30m/45m']],
  [1, ['2m/1m/0s', '13m/1m/1m', '51m/4m/2m', '3h26m/13m/6m']],
]

for (const [days, expected] of tiers) {
  test(`the four tiers of ${days}d are parts of it in whole minutes`, () => {
    const made = pyrraTiers(days * day).map(({ longMs, shortMs, forMs }) =>
      [longMs, shortMs, forMs].map(formatDuration),
    )
    assert.deepEqual(
      made.map((windows) => windows.join('/')),
      expected,
    )
  })
}

test('SLOs with the same window share a policy with the factors of Pyrra', async () => {
  const { slos, policies } = await read(pyrra({ name: 'a' }), pyrra({ name: 'b' }))
  assert.deepEqual(
    policies.map(({ name }) => name),
    ['pyrra-4w'],
  )
  assert.deepEqual(
    policies[0].rules.map(({ severity, threshold }) => [severity, threshold]),
    [
      ['page', { burnRate: { numerator: 14n, denominator: 1n } }],
      ['page', { burnRate: { numerator: 7n, denominator: 1n } }],
      ['ticket', { burnRate: { numerator: 2n, denominator: 1n } }],
      ['ticket', { burnRate: { numerator: 1n, denominator: 1n } }],
    ],
  )
  assert.equal(policies[0].forMs, 120_000)
  assert.ok(slos.every(({ alerting }) => alerting.policy === policies[0]))
})

test('other severities of the tiers make a policy of their own, whichever word they are', async () => {
  const { policies, problems } = await read(
    pyrra({ rest: 'alerting: { severities: { fastBurn: critical, mediumBurn: info, slowBurn: sloth } }' }),
  )
  assert.equal(policies[0].name, 'pyrra-4w-pttt')
  const messages = problems.map(({ message }) => message)
  assert.ok(messages.some((message) => message.startsWith('the severity "critical" becomes "page"')))
  assert.ok(messages.some((message) => message.startsWith('the severity "sloth" becomes "ticket"')))
})

test('alerts that are switched off in either way are off', async () => {
  for (const off of ['burnrates: false', 'disabled: true']) {
    const { slos, policies } = await read(pyrra({ rest: `alerting: { ${off} }` }))
    assert.deepEqual(slos[0].alerting.severities, { page: false, ticket: false })
    assert.deepEqual(policies, [])
  }
})

test('labels and annotations with the prefix go into the SLO, the others are named', async () => {
  const metadata =
    ", namespace: n, labels: { role: r, pyrra.dev/team: t, pyrra.dev/service: s }, annotations: { pyrra.dev/runbook: 'https://r' }"
  const { slos, problems } = await read(pyrra({ metadata }))
  assert.deepEqual([...slos[0].labels], [['team', 't']])
  assert.equal(slos[0].service, 's')
  assert.equal(slos[0].runbook, 'https://r')
  assert.equal(problems.filter(({ message }) => message.startsWith('of the metadata namespace, role are')).length, 1)
})

test('without a label for it the service is named after the SLO', async () => {
  assert.equal((await read(pyrra())).slos[0].service, 'api')
})

test('a grouping makes an SLO of every combination of values', async () => {
  const indicator =
    '{ ratio: { errors: { metric: bad_total }, total: { metric: all_total }, grouping: [handler, job] } }'
  assert.deepEqual((await read(pyrra({ indicator }))).slos[0].groupBy, ['handler', 'job'])
})

test('a ratio may be given by successes', async () => {
  const good = '{ ratio: { success: { metric: good_total }, total: { metric: all_total } } }'
  assert.equal(
    await convertedPart(pyrra({ indicator: good }), 'indicator'),
    'indicator:\n  ratio:\n    good: good_total\n    total: all_total',
  )
  const both = '{ ratio: { errors: { metric: bad_total }, success: { metric: good_total } } }'
  assert.equal(
    await convertedPart(pyrra({ indicator: both }), 'indicator'),
    'indicator:\n  ratio:\n    bad: bad_total\n    total: bad_total + good_total',
  )
  const one = '{ ratio: { errors: { metric: bad_total } } }'
  assert.match(
    (await errorsOf(pyrra({ indicator: one })))[0],
    /RULE_INDICATOR a ratio has two of errors, success and total/,
  )
})

test('a latency is one of its histogram, unless the selectors differ', async () => {
  assert.equal(
    await convertedPart(pyrra({ indicator: latency('le="1.0",a="b"') }), 'indicator'),
    'indicator:\n  latency:\n    histogram: h_seconds{a="b"}\n    below: 1s',
  )
  assert.equal(
    await convertedPart(pyrra({ indicator: latency('le="1"') }), 'indicator'),
    'indicator:\n  ratio:\n    good: h_seconds_bucket{le="1"}\n    total: h_seconds_count{a="b"}',
  )
})

test('a metric that is no plain selector is refused with what it is', async () => {
  const indicator = "{ ratio: { errors: { metric: 'bad_total offset 5m' }, total: { metric: all_total } } }"
  assert.match(
    (await errorsOf(pyrra({ indicator })))[0],
    /7:44: IMPORT_REFUSED a metric of Pyrra is one selector: "offset"/,
  )
  const sum = "{ ratio: { errors: { metric: 'a_total + b_total' }, total: { metric: all_total } } }"
  assert.match((await errorsOf(pyrra({ indicator: sum })))[0], /7:52: IMPORT_REFUSED a metric of Pyrra is one selector/)
})

test('windows too short for the tiers of Pyrra are said to be', async () => {
  const problems = await problemsOf(pyrra({ window: '1d' }))
  assert.ok(problems.some((problem) => problem.includes('too short for the tiers of Pyrra, which rounds them to 0m')))
  const { policies } = await read(pyrra({ window: '3h' }))
  assert.ok(policies[0].rules.every(({ longMs, shortMs }) => shortMs < longMs))
  assert.equal(policies[0].rules.length, 3)
})

test('a target of 100 and a window that is none are refused where they stand', async () => {
  assert.match((await errorsOf(pyrra({ target: '"100"' })))[0], /^5:11: RULE_OBJECTIVE the objective 100 is not/)
  assert.match((await errorsOf(pyrra({ window: 'month' })))[0], /^6:11: RULE_DURATION spec.window \("month"\)/)
})

test('an indicator is of exactly one kind', async () => {
  assert.match((await errorsOf(pyrra({ indicator: '{}' })))[0], /^7:14: RULE_INDICATOR an indicator is exactly one of/)
})

test('two SLOs of one name are told apart by nothing, and refused', async () => {
  const texts = [pyrra({ metadata: ', namespace: a' }), pyrra({ metadata: ', namespace: b' })]
  assert.match((await errorsOf(...texts))[0], /RULE_DUPLICATE_NAME the SLO "api" is declared already/)
})

test('what the Kubernetes API adds to an object is named once, and objects of a list are read', async () => {
  const item = pyrra({ metadata: ', uid: x, resourceVersion: "1"' })
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
  const text = `apiVersion: v1\nkind: List\nitems:\n- ${item.trim()}\n- { apiVersion: v1, kind: Secret }\n`
  const { slos, problems } = await read(text)
  assert.deepEqual(
    slos.map(({ name }) => name),
    ['api'],
  )
  const messages = problems.map(({ message }) => message)
  assert.ok(messages.includes('metadata.uid, metadata.resourceVersion are left out: Kubernetes keeps that for itself'))
  assert.ok(messages.some((message) => message.startsWith('this item of the list is left out')))
})
