import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alpha, calendarWindow, openslo, other, ratio, startsElsewhere, threshold } from './openslo-documents.ts'
import { convertedPart, errorsOf, problemsOf, read } from './reading.ts'

test('an SLI is found by its name in any file, and a name that is none is an error at the reference', async () => {
  const slo = openslo({ indicator: 'indicatorRef: works' })
  const sli = other('SLI', 'works', ratio('sum(good_total)', 'sum(all_total)').replace(/^\{ spec: (.*) \}$/, '$1'))
  const { slos, problems } = await read(slo, sli)
  assert.equal(slos[0].indicator.kind, 'events')
  assert.ok(problems.every(({ severity }) => severity === 'warning'))
  assert.deepEqual(await errorsOf(slo, sli.replace('works', 'work')), [
    '6:17: IMPORT_REFERENCE there is no SLI "works"\n    hint: did you mean "work"?',
  ])
})

test('the type of a source may stand in its DataSource', async () => {
  const indicator = `indicator: { spec: { ratioMetric: { rawType: failure, raw: { metricSource: { metricSourceRef: m, spec: { query: 'a' } } } } } }`
  const datadog = await errorsOf(
    openslo({ indicator }) + other('DataSource', 'm', '{ type: Datadog, connectionDetails: { key: 1 } }'),
  )
  assert.match(datadog[0], /^6:78: IMPORT_REFUSED the query is for "Datadog", and sloburn reads PromQL/)
  const mimir = await problemsOf(openslo({ indicator }) + other('DataSource', 'm', '{ type: GrafanaMimir }'))
  assert.ok(mimir.every((problem) => problem.includes('warning')))
  const unknown = await problemsOf(openslo({ indicator }))
  assert.ok(unknown.some((problem) => problem.includes('IMPORT_ASSUMED warning: it is not said which kind of source')))
})

test('a secret of a connection is never repeated', async () => {
  const text = openslo() + other('DataSource', 'm', '{ type: Prometheus, connectionDetails: { password: hunter2 } }')
  assert.doesNotMatch((await problemsOf(text)).join('\n'), /hunter2/)
})

test('targets are ratios or percentages, exactly', async () => {
  const { slos } = await read(openslo({ objectives: '[{ target: 0.999 }, { targetPercent: 99.95 }]' }))
  assert.deepEqual(
    slos.map(({ name, objective }) => [name, objective]),
    [
      ['a', { numerator: 999n, denominator: 1000n }],
      ['a-2', { numerator: 1999n, denominator: 2000n }],
    ],
  )
  assert.match(
    (await errorsOf(openslo({ objectives: '[{ target: 1 }]' })))[0],
    /^9:26: RULE_OBJECTIVE the target 1 is not a ratio above 0 and below 1/,
  )
})

for (const [window, expected] of [
  ['{ duration: 4w, isRolling: true }', '4w'],
  ['{ duration: 1M, isRolling: true }', '30d'],
  ['{ duration: 2Q, isRolling: true }', '180d'],
] as const) {
  test(`the rolling window ${window} is ${expected}`, async () => {
    assert.equal(await convertedPart(openslo({ window }), 'window'), `window: ${expected}`)
  })
}

for (const [duration, start, unit] of [
  ['1d', '2022-03-05', 'day'],
  ['1w', '2022-01-03', 'week'],
  ['1M', '2022-03-01', 'month'],
  ['1Q', '2022-04-01', 'quarter'],
  ['1Y', '2022-01-01', 'year'],
] as const) {
  test(`a calendar window of ${duration} is a ${unit}, and another start than its own is noted`, async () => {
    const window = calendarWindow(duration, `startTime: ${start} 00:00:00, timeZone: Asia/Kolkata`)
    const { slos, problems } = await read(openslo({ window }))
    assert.deepEqual(slos[0].window, { kind: 'calendar', unit, timeZone: 'Asia/Kolkata' })
    assert.ok(!problems.some(startsElsewhere))
    assert.ok((await read(openslo({ window: window.replace('00:00:00', '12:00:00') }))).problems.some(startsElsewhere))
  })
}

test('a calendar window of a length that the calendar does not have is a rolling one, one of minutes is refused', async () => {
  assert.equal(await convertedPart(openslo({ window: calendarWindow('2w', 'timeZone: UTC') }), 'window'), 'window: 2w')
  assert.match(
    (await errorsOf(openslo({ window: calendarWindow('1m', 'timeZone: UTC') })))[0],
    /^7:28: IMPORT_REFUSED.*1 month is 1M/s,
  )
  assert.match(
    (await errorsOf(openslo({ window: '{ duration: 30 }' })))[0],
    /^7:28: RULE_DURATION "30" is no time window/,
  )
})

for (const [query, op, metricText, combine] of [
  ['lag', 'lt', 'lag', 'max'],
  ['lag{a="b"}', 'gte', 'lag{a="b"}', 'min'],
  ['sum(lag)', 'lte', 'lag', 'sum'],
  ['(avg(lag))', 'gt', 'lag', 'mean'],
] as const) {
  test(`the threshold ${query} ${op} 2.5 is one of a gauge`, async () => {
    const { indicator } = (
      await read(openslo({ indicator: threshold(query), objectives: `[{ target: 0.9, op: ${op}, value: 2.50 }]` }))
    ).slos[0]
    assert.ok(indicator.kind === 'threshold')
    assert.equal(indicator.combine, combine)
    assert.ok(indicator.good.kind === 'binary' && indicator.good.right.kind === 'number')
    assert.equal(indicator.good.operator, { lt: '<', gte: '>=', lte: '<=', gt: '>' }[op])
    assert.equal(indicator.good.right.value, 2.5)
    assert.equal(metricText.startsWith(indicator.metric.matchers[0].value), true)
  })
}

test('what no SLO makes use of is named, and no more is said of it', async () => {
  const { problems } = await read(openslo() + other('Service', 'unused', '{ description: x }'))
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['IMPORT_ASSUMED', 'IMPORT_UNUSED'],
  )
})

test('of two documents with one name it cannot be told which is meant, unless they are services', async () => {
  const sli = other('SLI', 's', '{ ratioMetric: {} }')
  assert.match(
    (await errorsOf(openslo() + sli + sli))[0],
    /RULE_DUPLICATE_NAME the SLI "s" is declared already at a.yaml:12:1/,
  )
  const service = other('Service', 'shop', '{}')
  assert.deepEqual(await errorsOf(openslo() + service + service), [])
})

test('a kind that OpenSLO does not have is named with those it has', async () => {
  assert.match(
    (await errorsOf('apiVersion: openslo/v1alpha\nkind: SLI\nmetadata: { name: a }\n'))[0],
    /^2:7: RULE_KIND there is no kind "SLI" in openslo\/v1alpha/,
  )
})

test('v1alpha names units in words, and asks for Prometheus by its source', async () => {
  const { slos } = await read(alpha('prometheus', '{ count: 1, unit: Month, calendar: { timeZone: UTC } }'))
  assert.deepEqual(slos[0].window, { kind: 'calendar', unit: 'month', timeZone: 'UTC' })
  assert.equal(slos[0].indicator.kind, 'events')
  assert.match(
    (await errorsOf(alpha('datadog', '{ count: 28, unit: Day }')))[0],
    /^12:25: IMPORT_REFUSED the query is for "datadog"/,
  )
  assert.match(
    (await errorsOf(alpha('prometheus', '{ count: 5, unit: Second }')))[0],
    /RULE_DURATION "5 Second" is no time window/,
  )
})
