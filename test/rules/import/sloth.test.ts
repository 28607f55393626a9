import assert from 'node:assert/strict'
import { test } from 'node:test'
import { convertedPart, errorsOf, problemsOf, read } from './reading.ts'

interface SlothChoices {
  readonly objective?: string
  readonly sli?: string
  readonly error?: string
  readonly total?: string
  readonly alerting?: string
  readonly head?: string
}

/** A Sloth file with one SLO. */
function sloth(choices: SlothChoices = {}): string {
  const { objective = '99.9', alerting = '{}', head = '' } = choices
  const { error = 'sum(rate(bad_total[{{.window}}]))', total = 'sum(rate(all_total[{{.window}}]))' } = choices
  const { sli = `{ events: { error_query: '${error}', total_query: '${total}' } }` } = choices
  return `version: prometheus/v1
service: shop
${head}
slos:
  - name: availability
    objective: ${objective}
    sli: ${sli}
    alerting: ${alerting}
`
}

test('an SLO is named after its service, has 30 days and alerts by the rules of the workbook', async () => {
  const { slos } = await read(sloth())
  assert.equal(slos[0].name, 'shop-availability')
  assert.deepEqual(slos[0].window, { kind: 'rolling', durationMs: 30 * 86_400_000 })
  assert.equal(slos[0].alerting.policy.name, 'workbook')
})

test('the place of an SLO is where its name stands in the Sloth file', async () => {
  const { slos } = await read(sloth())
  assert.deepEqual(slos[0].at, { file: 'a.yaml', line: 5, column: 11, path: '/slos/0/name' })
})

test('labels may be written as numbers and flags, as Sloth takes them', async () => {
  const { slos } = await read(sloth({ head: 'labels: { tier: 1, generated: true, share: 0.20 }' }))
  assert.deepEqual(Object.fromEntries(slos[0].labels), { generated: 'true', share: '0.20', tier: '1' })
})

test('an objective of 100 is refused where it stands', async () => {
  assert.deepEqual(await errorsOf(sloth({ objective: '100' })), [
    '6:16: RULE_OBJECTIVE the objective 100 is not a percentage above 0 and below 100\n' +
      '    hint: at 100 there would be no error budget, and the first failure would break it for good',
  ])
})

test('an objective is carried over digit by digit', async () => {
  const { slos } = await read(sloth({ objective: '99.99999999999999999' }))
  assert.equal(slos[0].objective.denominator - slos[0].objective.numerator, 1n)
  assert.equal(slos[0].objective.denominator, 10n ** 19n)
})

test('one alert that is disabled is off, the labels of the other stay with it', async () => {
  const alerting = '{ page_alert: { disable: true }, ticket_alert: { labels: { board: shop } }, labels: { area: a } }'
  const { alerting: made } = (await read(sloth({ alerting }))).slos[0]
  assert.deepEqual(made.severities, { page: false, ticket: true })
  assert.deepEqual([...made.bySeverity.ticket.labels], [['board', 'shop']])
  assert.deepEqual([...made.labels], [['area', 'a']])
})

test('that both alerts are disabled is wanted, and no reason for a warning', async () => {
  const alerting = '{ page_alert: { disable: true }, ticket_alert: { disable: true } }'
  const problems = await problemsOf(sloth({ alerting }))
  assert.deepEqual(
    problems.map((problem) => problem.split(' ')[1]),
    ['IMPORT_ASSUMED'],
  )
})

test('annotations that are links become links, of others and of templates it is said that they are left out', async () => {
  const annotations = `{ runbook_url: 'https://r.example.com/a', dashboard: 'https://{{ $labels.x }}', note: hi }`
  const text = sloth({
    alerting: `{ annotations: ${annotations}, page_alert: { annotations: { runbook: 'http://b' } } }`,
  })
  const { slos, problems } = await read(text)
  assert.equal(slos[0].runbook, 'https://r.example.com/a')
  assert.equal(slos[0].dashboard, undefined)
  const messages = problems.filter(({ code }) => code === 'IMPORT_LEFT_OUT').map(({ message }) => message)
  assert.match(messages[0], /annotations.dashboard is left out: templates in links are not filled in/)
  assert.match(messages[1], /annotations.note is left out: messages are worded from/)
  assert.match(messages[2], /annotations.runbook is left out: an SLO has one link of this kind/)
})

test('what is bad because it is not good becomes good', async () => {
  const text = sloth({
    error: 'sum(rate(all_total[{{.window}}])) - sum(rate(good_total[{{.window}}]))',
  })
  assert.equal(
    await convertedPart(text, 'indicator'),
    'indicator:\n  ratio:\n    good: good_total\n    total: all_total',
  )
})

test('an expression that is no sum of counters is a query, and it is said where and why', async () => {
  const text = sloth({ error: 'sum(rate(bad_total[{{.window}}])) > bool 2' })
  assert.equal(
    await convertedPart(text, 'indicator'),
    'indicator:\n  query:\n    bad: sum(rate(bad_total[$window])) > bool 2\n    total: sum(rate(all_total[$window]))',
  )
  const query = (await problemsOf(text)).find((problem) => problem.includes('IMPORT_QUERY'))
  assert.match(query ?? '', /^7:70: IMPORT_QUERY warning: .*">" keeps or drops series by their value/)
})

test('two expressions that do not go together are queries', async () => {
  const text = sloth({ error: 'sum(increase(bad_total[{{.window}}]))' })
  const query = (await problemsOf(text)).find((problem) => problem.includes('IMPORT_QUERY'))
  assert.match(query ?? '', /one answers an increase, the other a rate/)
})

test('a query that keeps labels is summed, and it is said that its groups are taken together', async () => {
  const text = sloth({
    error: 'max by (shard) (rate(bad_total[{{.window}}]))',
    total: 'sum by (shard) (rate(all_total[{{.window}}]))',
  })
  const { slos, problems } = await read(text)
  assert.deepEqual(slos[0].groupBy, [])
  assert.ok(slos[0].indicator.kind === 'query')
  assert.equal(slos[0].indicator.query, 'sum(max by (shard) (rate(bad_total[$window])))')
  assert.equal(problems.filter(({ message }) => message.includes('taken together')).length, 2)
})

test('a query without the window is asked at every moment of it', async () => {
  const text = sloth({ sli: `{ raw: { error_ratio_query: 'job:errors:ratio_rate5m' } }` })
  assert.equal(
    await convertedPart(text, 'indicator'),
    'indicator:\n  query:\n    errorRatio: avg_over_time((job:errors:ratio_rate5m)[$window:])',
  )
})

test('a range that is fixed has no effect on what is counted, which is said', async () => {
  const text = sloth({ error: 'sum(rate(bad_total[5m]))', total: 'sum(rate(all_total[5m]))' })
  const { slos, problems } = await read(text)
  assert.equal(slos[0].indicator.kind, 'events')
  assert.ok(problems.some(({ message }) => message.startsWith('the range in the expression has no effect')))
})

test('text that is no PromQL is refused at the character', async () => {
  assert.deepEqual(await errorsOf(sloth({ error: 'sum(rate(bad_total[{{.window}}])' })), [
    '7:39: RULE_QUERY this "(" is not closed\n    hint: close it with ")"',
  ])
  assert.match(
    (await errorsOf(sloth({ error: 'sum(rate(a[{{.range}}]))' })))[0],
    /7:47: RULE_QUERY {{.range}} is a template/,
  )
})

test('plugins are named with what there is in their place, and a chain without alerts makes none', async () => {
  const head = 'slo_plugins: { overridePrevious: true, chain: [{ id: sloth.dev/core/sli_rules/v1 }, { id: x/y }] }'
  const { slos, problems } = await read(sloth({ head }))
  assert.deepEqual(slos[0].alerting.severities, { page: false, ticket: false })
  assert.deepEqual(
    problems.filter(({ code }) => code === 'IMPORT_LEFT_OUT').map(({ message }) => message),
    [
      'the plugin sloth.dev/core/sli_rules/v1 is left out: sloburn counts by itself',
      'the plugin x/y is left out: it is a program that only Sloth can run',
    ],
  )
})

test('a key that Sloth would ignore in silence is named', async () => {
  const problems = await problemsOf(sloth({ alerting: '{ pageAlert: { disable: true } }' }))
  assert.match(
    problems[1],
    /^8:17: IMPORT_UNKNOWN_KEY warning: Sloth knows no key "pageAlert" here.*did you mean "page_alert"/s,
  )
})

test('what is missing or of the wrong type is an error', async () => {
  assert.match((await errorsOf('version: prometheus/v1\nslos: []\n'))[0], /1:1: MISSING_KEY "service" is missing/)
  assert.match(
    (await errorsOf(sloth({ objective: '[1]' })))[0],
    /6:16: WRONG_TYPE slos.objective must be a number, not a list/,
  )
  assert.match((await errorsOf(sloth({ sli: '{}' })))[0], /7:10: RULE_INDICATOR an SLI has either "events" or "raw"/)
})

test('the remark on the window comes once for all files', async () => {
  const { problems } = await read(sloth(), sloth().replace('availability', 'other'))
  assert.equal(problems.filter(({ code }) => code === 'IMPORT_ASSUMED').length, 1)
})
