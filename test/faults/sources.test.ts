import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minuteMs, secondMs } from '../../src/core/model/units.ts'
import { startQueryPoll } from '../../src/ingest/prometheus-api/query-poller.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { aRule } from '../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore } from '../support/engine-world.ts'
import { querySlo } from '../support/indicator-slos.ts'
import { answerJson, answerNumber, type QueryHandler, queryApiServer } from '../support/query-api-server.ts'
import { eventually } from '../support/started-process.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const rules = [aRule('page', 20 * minuteMs, 5 * minuteMs, '10')]

/** So many failures of ten requests a second. */
const burning: QueryHandler = ({ query }, response) => answerNumber(response, query.includes('bad') ? 5 : 10)
const healthy: QueryHandler = ({ query }, response) => answerNumber(response, query.includes('bad') ? 0 : 10)

const unsure: readonly (readonly [string, QueryHandler])[] = [
  ['empty answers', (_, response) => answerNumber(response, undefined)],
  [
    'answers with warnings that a part of the data is missing',
    ({ query }, response) =>
      answerJson(response, 200, {
        status: 'success',
        warnings: ['store b is gone'],
        data: { resultType: 'vector', result: [{ metric: {}, value: [0, query.includes('bad') ? '0' : '10'] }] },
      }),
  ],
  [
    'answers that say they are partial',
    ({ query }, response) =>
      answerJson(response, 200, {
        status: 'success',
        isPartial: true,
        data: { resultType: 'vector', result: [{ metric: {}, value: [0, query.includes('bad') ? '0' : '10'] }] },
      }),
  ],
]

for (const [what, handler] of unsure) {
  test(`56. ${what}, all with HTTP 200, for half an hour in mid-incident: nothing resolves; the first whole answers end it`, async () => {
    const store = new RememberingStore()
    await using api = await queryApiServer(burning)
    const clock = new VirtualClock(Date.UTC(2026, 0, 1, 0, 1, 20))
    const engine = anEngine({ slos: [querySlo({}, { rules })], store, delayMs: 15 * secondMs, now: () => clock.now() })
    const settings = {
      url: api.url,
      headers: new Map(),
      tls: undefined,
      intervalMs: minuteMs,
      timeoutMs: minuteMs,
      backfill: undefined,
    }
    let outcomes = 0
    const meter = {
      ...silentMeter,
      count: (name: string) => void (outcomes += name === 'sloburn_queries_total' ? 1 : 0),
    }
    const own = { source: 'prom', region: 'eu', settings, answers: engine.answers, stepMs: 15 * secondMs }
    const poll = startQueryPoll({ ...own, delayMs: 15 * secondMs, clock, meter, log: silentLog })
    const minutes = async (count: number): Promise<void> => {
      for (let minute = 0; minute < count; minute++) {
        const before = outcomes
        await clock.advance(minuteMs)
        await eventually(async () => (outcomes > before ? true : undefined), 'the answers of a minute')
        await evaluateAll(engine)
      }
    }
    const open = () => store.episodes.filter(({ id, resolvedAt }) => id.scope === 'eu' && resolvedAt === null).length
    try {
      await minutes(10)
      assert.equal(open(), 1)
      api.answer = handler
      await minutes(30)
      assert.equal(open(), 1)
      api.answer = healthy
      await minutes(10)
      assert.equal(open(), 0)
    } finally {
      await poll.stop()
    }
  })
}
