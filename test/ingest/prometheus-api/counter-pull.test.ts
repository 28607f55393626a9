import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { metricNameLabel } from '../../../src/core/model/labels.ts'
import { querySpanMaxMs } from '../../../src/core/model/limits.ts'
import { parseDuration } from '../../../src/core/time/duration.ts'
import { startCounterPull } from '../../../src/ingest/prometheus-api/counter-pull.ts'
import { defaultRelabelling } from '../../../src/ingest/relabel/config.ts'
import { normalizedLabels } from '../../../src/ingest/relabel/normalize-labels.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { anSlo, counters } from '../../support/engine-slo.ts'
import { anEngine } from '../../support/engine-world.ts'
import { type AskedInstant, answerJson, type QueryHandler, queryApiServer } from '../../support/query-api-server.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const step = 15_000
const minute = 60_000
const start = Date.UTC(2026, 0, 1)
const slo = anSlo({
  bad: counters('requests_total', { service: 'shop', code: '500' }),
  total: counters('requests_total', { service: 'shop' }),
})

/** The total of a counter at a moment; failures begin after six minutes, and their series with them. */
const totalOf = (code: string, at: number) =>
  code === '200' ? Math.floor((at - start) / 100) : Math.floor((at - start - 6 * minute) / 1_000)

/** What a Prometheus answers to a range selector that ends at a moment. */
function answered({ query, time }: AskedInstant): unknown {
  const spanMs = parseDuration(/\[(.+)\]$/.exec(query)?.[1] ?? '') ?? Number.NaN
  const result = ['200', '500'].map((code) => {
    const values: [number, string][] = []
    for (let at = Math.floor((time * 1_000) / step) * step; at >= time * 1_000 - spanMs; at -= step) {
      if (code === '200' || at > start + 6 * minute) values.unshift([at / 1_000, String(totalOf(code, at))])
    }
    return { metric: { [metricNameLabel]: 'requests_total', code, job: 'ns/shop', instance: 'a:1' }, values }
  })
  const elsewhere = {
    metric: { [metricNameLabel]: 'requests_total', service: 'shop', region: 'us' },
    values: [[time, '7']],
  }
  const all = [...result.filter(({ values }) => values.length > 0), elsewhere]
  return { status: 'success', data: { resultType: 'matrix', result: all } }
}

async function pulling(t: TestContext, answer: QueryHandler, headers: readonly (readonly [string, string])[] = []) {
  const api = await queryApiServer(answer)
  t.after(() => api[Symbol.asyncDispose]())
  const clock = new VirtualClock(start + 2 * minute)
  const engine = anEngine({ slos: [slo], now: () => clock.now() })
  const [log, meter] = [recordingLog(), recordingMeter()]
  const secrets = new Map(headers.map(([name, value]) => [name, { reveal: () => value, toJSON: () => '' }]))
  const settings = { url: api.url, headers: secrets, tls: undefined, intervalMs: minute, timeoutMs: minute }
  const pull = startCounterPull({
    source: 'api',
    region: 'eu',
    settings,
    intervalMs: step,
    delayMs: step,
    history: engine.history,
    sink: engine.sink,
    normalized: (labels) => normalizedLabels(labels, defaultRelabelling),
    madeLabels: new Set(defaultRelabelling.table.keys()),
    clock,
    log,
    meter,
  })
  t.after(() => pull.stop())
  const seenUntil = (at: number) => until(clock, () => (engine.counting.regions.get('eu')?.newestAt ?? 0) >= at)
  const counted = () => {
    const region = engine.counting.regions.get('eu')
    const own = region?.slos.get('checkout')
    assert.ok(region !== undefined && own !== undefined)
    return region.countsEver(own)
  }
  return { api, clock, engine, log, meter, pull, seenUntil, counted }
}

async function until(clock: VirtualClock, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await clock.advance(500)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** When the clock stands at two minutes, a step before what is a step old. */
const firstLook = start + 2 * minute - 2 * step

test('counts what an API says from the first look on, to the event, a series that begins meanwhile included', async (t) => {
  const { counted, seenUntil, engine } = await pulling(t, (asked, response) =>
    answerJson(response, 200, answered(asked)),
  )
  const at = start + 12 * minute
  await seenUntil(at)
  const { bad, total } = counted()
  const seen = engine.counting.regions.get('eu')?.newestAt ?? 0
  assert.equal(total - bad, totalOf('200', seen) - totalOf('200', firstLook), 'all since the first sample')
  assert.equal(bad, totalOf('500', seen), 'all failures, since their series began when its target was known')
  assert.deepEqual([...engine.counting.regions.keys()], ['eu'], 'what the API has of other regions is theirs')
})

test('asks for each span and a delay before it, leaving labels to be judged here that the API cannot know', async (t) => {
  const { api, seenUntil } = await pulling(t, (asked, response) => answerJson(response, 200, answered(asked)))
  await seenUntil(start + 5 * minute)
  // One selector holds the other; the service is made of the job here.
  assert.deepEqual([...new Set(api.asked.map(({ query }) => query))], ['requests_total[30s]'])
  const times = api.asked.map(({ time }) => time)
  assert.deepEqual(
    times,
    times.map((_, index) => (times[0] ?? 0) + index * 15),
  )
})

test('what was not answered is asked for again in one piece, and nothing is lost or counted twice', async (t) => {
  let isDown = false
  const { api, clock, counted, log, pull, seenUntil, engine } = await pulling(t, (asked, response) => {
    if (isDown) response.writeHead(503).end()
    else answerJson(response, 200, answered(asked))
  })
  await seenUntil(start + 4 * minute)
  isDown = true
  const asked = api.asked.length
  await until(clock, () => api.asked.length >= asked + 12)
  assert.match(pull.problem() ?? '', /HTTP 503/)
  isDown = false
  await seenUntil(start + 10 * minute)
  assert.equal(pull.problem(), undefined)
  assert.ok(
    api.asked.some(({ query }) => /\[[2-9]m/.test(query)),
    'one question for all of the time',
  )
  assert.equal(counted().bad, totalOf('500', engine.counting.regions.get('eu')?.newestAt ?? 0))
  const said = log.lines.map(({ message }) => message)
  assert.deepEqual(said, ['counters cannot be read; they are asked for again', 'counters can be read again'])
})

test('a sample that the API shows late is found with the next round, also the first of a series', async (t) => {
  const lagMs = 20_000
  const world = await pulling(t, (asked, response, _request) => {
    const shown = Object(answered(asked))
    for (const each of shown.data.result)
      each.values = each.values.filter(([time]: [number, string]) => time * 1_000 + lagMs <= world.clock.now())
    answerJson(response, 200, shown)
  })
  await world.seenUntil(start + 12 * minute)
  const seen = world.engine.counting.regions.get('eu')?.newestAt ?? 0
  const { bad, total } = world.counted()
  assert.equal(bad, totalOf('500', seen), 'no failure is missed')
  assert.ok(total - bad >= totalOf('200', seen) - totalOf('200', firstLook + 2 * step))
})

test('after a long time without an answer it asks for as much as one question may reach, and counters tell the rest', async (t) => {
  let isDown = false
  const { api, clock, counted, seenUntil, engine } = await pulling(t, (asked, response) => {
    if (isDown) response.writeHead(503).end()
    else answerJson(response, 200, answered(asked))
  })
  await seenUntil(start + 4 * minute)
  const before = counted().total
  isDown = true
  const downAt = clock.now()
  await until(clock, () => clock.now() > downAt + 2 * querySpanMaxMs)
  isDown = false
  await seenUntil(downAt + 2 * querySpanMaxMs)
  const longest = Math.max(...api.asked.map(({ query }) => parseDuration(/\[(.+)\]$/.exec(query)?.[1] ?? '') ?? 0))
  assert.equal(longest, querySpanMaxMs + step, 'and a little before')
  const seen = engine.counting.regions.get('eu')?.newestAt ?? 0
  assert.ok(counted().total - before > totalOf('200', seen) - totalOf('200', downAt))
})

test('a round of which a part is missing is not booked at all', async (t) => {
  const { engine, api, clock, pull } = await pulling(t, (asked, response) => {
    answerJson(response, 200, { ...Object(answered(asked)), warnings: ['a store did not answer'] })
  })
  await until(clock, () => api.asked.length > 3)
  assert.equal(engine.counting.regions.get('eu'), undefined)
  assert.match(pull.problem() ?? '', /a store did not answer/)
})

test('says who asks, with the tenant', async (t) => {
  const { api, clock } = await pulling(t, (asked, response) => answerJson(response, 200, answered(asked)), [
    ['x-scope-orgid', 'shop'],
  ])
  await until(clock, () => api.asked.length > 0)
  assert.equal(api.asked[0]?.headers['x-scope-orgid'], 'shop')
})
