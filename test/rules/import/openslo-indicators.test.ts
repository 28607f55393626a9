import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openslo, ratio, raw, threshold } from './openslo-documents.ts'
import { convertedPart, errorsOf, problemsOf, read } from './reading.ts'

test('a counter needs no rate, as the flag says', async () => {
  assert.equal(
    await convertedPart(openslo(), 'indicator'),
    'indicator:\n  ratio:\n    good: good_total\n    total: all_total',
  )
})

test('without the flag a selector is asked as a query and added up over the window', async () => {
  const indicator = `indicator: ${ratio('sum(good)', 'sum(all)', false)}`
  assert.equal(
    await convertedPart(openslo({ indicator }), 'indicator'),
    'indicator:\n  query:\n    good: sum_over_time((sum(good))[$window:])\n    total: sum_over_time((sum(all))[$window:])',
  )
})

test('time slices are good by their target, or count with their share', async () => {
  const slices = openslo({
    method: 'Timeslices',
    objectives: '[{ target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 5 }]',
  })
  const { indicator } = (await read(slices)).slos[0]
  assert.ok(indicator.kind === 'slices')
  assert.deepEqual([indicator.sliceMs, indicator.method], [300_000, 'slices'])
  assert.match(await convertedPart(slices, 'indicator'), /good: good \/ total >= 0.95/)
  const shares = openslo({ method: 'RatioTimeslices', objectives: '[{ target: 0.9, timeSliceWindow: 1m }]' })
  assert.match(await convertedPart(shares, 'indicator'), /slice: 1m\n {4}good: good \/ total\n.*method: ratio/s)
  const noTarget = openslo({ method: 'Timeslices', objectives: '[{ target: 0.9 }]' })
  assert.match((await errorsOf(noTarget))[0], /^9:16: WRONG_VALUE Timeslices need a timeSliceTarget/)
  assert.match(
    (await errorsOf(openslo({ method: 'Slices' })))[0],
    /^8:20: WRONG_VALUE there is no budgetingMethod "Slices"/,
  )
})

test('slices of what cannot be counted are a query over moments that had events', async () => {
  const indicator = `indicator: ${ratio('sum(irate(g[{{.window}}]))', 'sum(irate(t[{{.window}}]))')}`
  const objectives = '[{ target: 0.9, timeSliceTarget: 0.95, timeSliceWindow: 5m }]'
  const text = openslo({ indicator, method: 'Timeslices', objectives })
  assert.equal(
    await convertedPart(text, 'indicator'),
    [
      'indicator:',
      '  query:',
      '    good: sum_over_time(((sum(irate(g[5m]))) / ((sum(irate(t[5m]))) > 0) >= bool 0.95)[$window:1m])',
      '    total: count_over_time(((sum(irate(t[5m]))) > 0)[$window:1m])',
    ].join('\n'),
  )
})

test('the threshold of anything else is a query that counts moments', async () => {
  const text = openslo({ indicator: threshold('max(a) by (b)'), objectives: '[{ target: 0.9, op: lt, value: 3 }]' })
  assert.equal(
    await convertedPart(text, 'indicator'),
    'indicator:\n  query:\n    good: sum_over_time(((max(a) by (b)) < bool 3)[$window:])\n    total: count_over_time(((max(a) by (b)))[$window:])',
  )
})

test('a threshold needs an operator and a value, a ratio has no use for them', async () => {
  const errors = await errorsOf(openslo({ indicator: threshold('lag') }))
  assert.match(errors[0], /WRONG_VALUE with a thresholdMetric the objective needs op: lt, lte, gt or gte/)
  assert.match(errors[1], /WRONG_VALUE with a thresholdMetric the objective needs a value/)
  const problems = await problemsOf(openslo({ objectives: '[{ target: 0.9, op: gt }]' }))
  assert.ok(problems.some((problem) => problem.includes('op is left out: in OpenSLO it belongs to a thresholdMetric')))
})

test('a ratio that is given as such is taken apart, or asked for as it is', async () => {
  const apart = openslo({ indicator: raw('sum(rate(g_total[1m])) / sum(rate(t_total[1m]))') })
  assert.match(await convertedPart(apart, 'indicator'), /ratio:\n {4}good: g_total\n {4}total: t_total/)
  assert.match(
    await convertedPart(openslo({ indicator: raw('x:ratio') }), 'indicator'),
    /errorRatio: 1 - \(avg_over_time\(\(x:ratio\)\[\$window:\]\)\)/,
  )
})
