import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf, metricNameLabel } from '../../../src/core/model/labels.ts'
import { historyAnswerBytesMax, historySamplesPerQuery } from '../../../src/core/model/limits.ts'
import { type Secret, secret } from '../../../src/core/model/secret.ts'
import { parseDuration } from '../../../src/core/time/duration.ts'
import { startBackfill } from '../../../src/ingest/prometheus-api/backfill.ts'
import { prometheusConfig } from '../../../src/ingest/prometheus-api/config.ts'
import { defaultRelabelling } from '../../../src/ingest/relabel/config.ts'
import { normalizedLabels } from '../../../src/ingest/relabel/normalize-labels.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { anSlo, counters } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, send } from '../../support/engine-world.ts'
import { type AskedInstant, answerJson, queryApiServer } from '../../support/query-api-server.ts'
import { silentRouting } from '../../support/silent-routing.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)
const now = start + 26 * hour
const silent = { page: false, ticket: false }
const slo = anSlo({
  windowDays: 1,
  severities: silent,
  bad: counters('total', { service: 'shop', code: '500' }),
  total: counters('total', { service: 'shop' }),
})

const value = (code: string, time: number) =>
  code === '500' ? Math.floor((time - start) / 600_000) : Math.floor((time - start) / 77)
const series = (code: string) => ({ [metricNameLabel]: 'total', code, job: 'ns/shop', instance: 'a:1' })

/** What a Prometheus would answer to a range selector: samples of [from, to], as version 2 counts them. */
function answered({ query, time }: AskedInstant): unknown {
  const match = /^total\{?(.*?)\}?\[(.+)\]$/.exec(query)
  const spanMs = parseDuration(match?.[2] ?? '') ?? Number.NaN
  const codes = match?.[1].includes('code="500"') === true ? ['500'] : ['200', '500']
  const result = codes.map((code) => {
    const values: [number, string][] = []
    const to = time * 1_000
    const first = start + Math.max(0, Math.ceil((to - spanMs - start) / step)) * step
    for (let at = first; at <= to; at += step) values.push([at / 1_000, String(value(code, at))])
    return { metric: series(code), values }
  })
  return { status: 'success', data: { resultType: 'matrix', result: result.filter(({ values }) => values.length > 0) } }
}

/** How much of the past a question is about. */
function spanOf({ query }: AskedInstant): number {
  return parseDuration(/\[(.+)\]$/.exec(query)?.[1] ?? '') ?? Number.NaN
}

const silentOnes = {
  windowDays: 1,
  severities: silent,
  bad: counters('total', { code: '404' }),
  total: counters('total', { job: 'ns/shop' }),
}

function backfilling(url: string, more = {}, headers: ReadonlyMap<string, Secret> = new Map(), slos = [slo]) {
  const clock = new VirtualClock(now)
  const engine = anEngine({ slos, now: () => clock.now() })
  const log = recordingLog()
  const meter = recordingMeter()
  const backfill = {
    reachMs: Number.POSITIVE_INFINITY,
    waitMs: 0,
    pauseMs: 100,
    timeoutMs: minute,
    concurrency: 2,
    ...more,
  }
  const settings = { url, headers, tls: undefined, intervalMs: minute, timeoutMs: minute, backfill }
  const running = startBackfill({
    source: 'api',
    region: 'eu',
    settings,
    history: engine.history,
    normalized: (labels) => normalizedLabels(labels, defaultRelabelling),
    madeLabels: new Set(defaultRelabelling.table.keys()),
    clock,
    log,
    meter,
  })
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await clock.advance(50)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const isDone = () => log.lines.some(({ message }) => message === 'history is read')
  return { engine, clock, log, meter, running, until, isDone, [Symbol.asyncDispose]: () => running.stop() }
}

/** Scrapes that arrive live with normalised labels, as the wrapper of a source gives them. */
async function live(engine: ReturnType<typeof anEngine>, from: number, to: number): Promise<void> {
  for (let time = from; time <= to; time += step) {
    const samples = ['200', '500'].map((code) => {
      const labels = normalizedLabels(labelsOf(Object.entries(series(code))), defaultRelabelling)
      return { labels: { ...Object.fromEntries(labels), region: 'eu' }, time, value: value(code, time) }
    })
    send(engine.sink, samples)
    await evaluateAll(engine)
  }
}

function counts(engine: ReturnType<typeof anEngine>, windowMs: number) {
  const region = engine.counting.regions.get('eu')
  const own = region?.slos.get('checkout')
  assert.ok(region !== undefined && own !== undefined)
  const at = Math.floor(region.newestAt / step) * step
  return { ...region.windowCounts(own, at, windowMs), seen: own.seen.seenMs(at - windowMs, at) }
}

test('fills all windows from a query API, to the event, while live samples go on', async () => {
  await using api = await queryApiServer((asked, response) => answerJson(response, 200, answered(asked)))
  await using world = backfilling(api.url)
  await live(world.engine, now - 2 * minute, now)
  await world.until(world.isDone)
  await live(world.engine, now + step, now + 5 * minute)
  const whole = anEngine({ slos: [slo] })
  await live(whole, start, now + 5 * minute)
  for (const windowMs of [5 * minute, hour, 6 * hour, 24 * hour]) {
    assert.deepEqual(counts(world.engine, windowMs), counts(whole, windowMs), `${windowMs / hour} h`)
  }
  assert.equal(world.meter.values.get('sloburn_backfill_progress_ratio{source="api"}'), 1)
  assert.equal(world.running.progress(), undefined)
  assert.equal(world.running.problem(), undefined)
  // Conditions on normalised labels are not for the API; two selectors, of which one is within the other, are one query.
  assert.ok(
    api.asked.every(({ query }) => query.startsWith('total[')),
    api.asked[0].query,
  )
})

test('asks for less when that was too much, and tries again when there was no answer', async () => {
  const refusals = [
    () => ({ status: 422, body: { status: 'error', errorType: 'execution', error: 'too many samples' } }),
    () => ({ status: 503, body: {} }),
    () => ({
      status: 200,
      body: { status: 'success', warnings: ['a store is away'], data: { resultType: 'matrix', result: [] } },
    }),
  ]
  const problems: (string | undefined)[] = []
  await using api = await queryApiServer((asked, response) => {
    const refusal = refusals.shift()?.()
    if (refusal === undefined) answerJson(response, 200, answered(asked))
    else answerJson(response, refusal.status, refusal.body)
  })
  await using world = backfilling(api.url)
  await world.until(() => {
    const problem = world.running.problem()
    if (problem !== problems.at(-1)) problems.push(problem)
    return world.isDone()
  })
  assert.match(String(problems[0]), /too many samples/)
  const spans = api.asked.slice(0, 4).map(({ query }) => parseDuration(/\[(.+)\]/.exec(query)?.[1] ?? '') ?? 0)
  assert.deepEqual(spans, [15 * minute, 3 * minute, minute, minute])
  const said = world.log.lines.map(({ message }) => message)
  assert.ok(said.includes('history cannot be read; it is tried again') && said.includes('history can be read again'))
  assert.equal(world.meter.values.get('sloburn_backfill_queries_total{source="api",outcome="partial"}'), 1)
  await live(world.engine, now + minute, now + 2 * minute)
  assert.ok(counts(world.engine, 24 * hour).total > 0)
})

test('a question that is not answered in its time is given up, counted, and asked again for less', async () => {
  const closed: boolean[] = []
  await using api = await queryApiServer((asked, response) => {
    if (api.asked.length > 1) answerJson(response, 200, answered(asked))
    else response.on('close', () => closed.push(response.writableFinished))
  })
  await using world = backfilling(api.url, { reachMs: hour, timeoutMs: 20_000 })
  const startedAt = world.clock.now()
  await world.until(() => world.running.problem() !== undefined)
  assert.equal(world.running.problem(), 'no answer within 20s')
  const took = world.clock.now() - startedAt
  assert.ok(took >= 20_000 && took < 25_000, `${took} ms`)
  assert.equal(world.meter.values.get('sloburn_backfill_queries_total{source="api",outcome="no-answer"}'), 1)
  await world.until(world.isDone)
  assert.deepEqual(closed, [false], 'the connection is not left open')
  assert.equal(world.running.problem(), undefined)
  assert.deepEqual(
    api.asked.slice(0, 2).map(({ query }) => query),
    ['total[15m]', 'total[3m]'],
  )
})

test('each failure in a row is followed by twice the pause', async () => {
  const askedAt: number[] = []
  await using api = await queryApiServer((asked, response) => {
    askedAt.push(world.clock.now())
    if (askedAt.length > 4) answerJson(response, 200, answered(asked))
    else response.writeHead(500).end()
  })
  const world = backfilling(api.url, { reachMs: hour })
  await world.until(() => askedAt.length > 4)
  await world.running.stop()
  const pauses = askedAt.slice(1, 5).map((at, index) => Math.floor((at - askedAt[index]) / 5_000))
  assert.deepEqual(pauses, [1, 2, 4, 8])
})

test('asks for pieces as long as answers are short, a day at most, and says in the log how far it is', async () => {
  await using api = await queryApiServer((asked, response) => {
    // One sample an hour: the longest piece has a few dozen of them.
    const all = Object(answered({ ...asked, query: asked.query.replace(/\[.*\]/, `[${spanOf(asked) / minute}m]`) }))
    for (const each of all.data.result)
      each.values = each.values.filter(([time]: [number, string]) => (time * 1_000) % hour === 0)
    answerJson(response, 200, all)
  })
  const days = 60
  const long = anSlo({
    windowDays: days,
    severities: silent,
    bad: counters('total', { code: '500' }),
    total: counters('total'),
  })
  await using world = backfilling(api.url, {}, new Map(), [long])
  const shares: number[] = []
  await world.until(() => {
    const share = world.running.progress()
    if (share !== undefined && share !== shares.at(-1)) shares.push(share)
    return world.isDone()
  })
  const spans = api.asked.map(spanOf)
  assert.deepEqual(spans.slice(0, 5), [15 * minute, hour, 4 * hour, 16 * hour, 24 * hour])
  assert.equal(Math.max(...spans), 24 * hour)
  assert.ok(spans.reduce((sum, span) => sum + span, 0) >= days * 24 * hour)
  const said = world.log.lines.flatMap(({ message, fields }) =>
    message.includes('percent') ? [Number(fields['progress'])] : [],
  )
  assert.ok(said.length >= 8 && said.length <= 10, said.join(' '))
  assert.deepEqual(
    said,
    said.toSorted((a, b) => a - b),
  )
  assert.ok(shares.length > days / 2 && shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 1))
})

test('asks for so much at once as makes a bounded answer, however many samples there are', async () => {
  const perStep = 400
  await using api = await queryApiServer((asked, response) => {
    const [first] = Object(answered(asked)).data.result
    const result = Array.from({ length: perStep }, (_, index) => {
      return { ...first, metric: { ...first.metric, pod: String(index) } }
    })
    answerJson(response, 200, { status: 'success', data: { resultType: 'matrix', result } })
  })
  await using world = backfilling(api.url, { reachMs: 6 * hour })
  await world.until(world.isDone)
  const samples = api.asked.map((asked) => (perStep * spanOf(asked)) / step)
  assert.ok(Math.max(...samples) <= historySamplesPerQuery, String(Math.max(...samples)))
  assert.ok(Math.max(...samples) > historySamplesPerQuery / 2, 'and no less than need be')
})

test('an answer of more bytes than any needs is not read to its end: it counts as the limit it is, and less is asked for', async () => {
  await using api = await queryApiServer((asked, response) => {
    if (api.asked.length > 1) return answerJson(response, 200, answered(asked))
    const piece = Buffer.alloc(1 << 20, ' ')
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    }
    response.writeHead(200).on('drain', more)
    more()
  })
  await using world = backfilling(api.url, { reachMs: hour })
  await world.until(() => world.running.problem() !== undefined)
  assert.match(world.running.problem() ?? '', new RegExp(`more than ${historyAnswerBytesMax} bytes`))
  await world.until(world.isDone)
  assert.equal(world.meter.values.get('sloburn_limit_hits_total{limit="historyAnswerBytesMax"}'), 1)
  assert.deepEqual(api.asked.slice(0, 2).map(spanOf), [15 * minute, 3 * minute])
})

test('reads what an SLO needs that is new, or counts something else, without a restart', async () => {
  await using api = await queryApiServer((asked, response) => answerJson(response, 200, answered(asked)))
  await using world = backfilling(api.url, { reachMs: hour })
  const timesRead = () => world.log.lines.filter(({ message }) => message === 'history is read').length
  await world.until(world.isDone)
  const asked = api.asked.length
  await world.clock.advance(10 * minute)
  assert.equal(api.asked.length, asked, 'nothing is missing, nothing is asked')
  const all = anSlo({
    windowDays: 1,
    severities: silent,
    bad: counters('total', { code: '500' }),
    total: counters('total'),
  })
  world.engine.reload([all], silentRouting)
  await world.until(() => timesRead() === 2)
  world.engine.reload([all, anSlo({ ...silentOnes, name: 'other' })], silentRouting)
  await world.until(() => timesRead() === 3)
  const read = world.log.lines
    .filter(({ message }) => message === 'reading history')
    .map(({ fields }) => fields['slos'])
  assert.deepEqual(read, [['checkout'], ['checkout'], ['other']])
})

test('says who asks, with the tenant, each time', async () => {
  await using api = await queryApiServer((asked, response) => answerJson(response, 200, answered(asked)))
  const { headers } = prometheusConfig(
    { url: api.url, tenant: 'shop', bearerToken: 'hush' },
    { secret: (source) => secret(typeof source === 'string' ? source : ''), report: (path) => assert.fail(path) },
  )
  await using world = backfilling(api.url, { reachMs: hour }, headers)
  await world.until(world.isDone)
  for (const asked of api.asked) {
    assert.equal(asked.headers['x-scope-orgid'], 'shop')
    assert.equal(asked.headers.authorization, 'Bearer hush')
  }
})

test('reads no further back than it is told, and stops in the middle when it is told', async () => {
  let answers = 0
  await using api = await queryApiServer((asked, response) => {
    answers++
    answerJson(response, 200, answered(asked))
  })
  const world = backfilling(api.url, { reachMs: 2 * hour, pauseMs: hour })
  await world.until(() => answers === 1 && (world.running.progress() ?? 0) > 0)
  assert.equal(api.asked[0].time, (now - 2 * hour + 15 * minute) / 1_000)
  await world.running.stop()
  await world.clock.advance(10 * hour)
  assert.equal(answers, 1)
})
