import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import type { QueryIndicator } from '../../../src/core/model/indicator.ts'
import { queriesInFlightPerSourceMax, querySpanMaxMs } from '../../../src/core/model/limits.ts'
import { type QueryPollOptions, startQueryPoll } from '../../../src/ingest/prometheus-api/query-poller.ts'
import type { Answer, AnswerSink, Question } from '../../../src/ports/answer-sink.ts'
import type { Meter } from '../../../src/ports/meter.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import {
  type AskedInstant,
  answerJson,
  answerNumber,
  type QueryApiServer,
  queryApiServer,
} from '../../support/query-api-server.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** Twenty seconds past a minute: with the delay of fifteen the minute before has just become complete. */
const start = Date.UTC(2026, 0, 1, 0, 1, 20)
const delayMs = 15 * second

test('asks at once for the last whole interval, for part and total at the same moment', async () => {
  await using api = await queryApiServer(steady)
  await using poll = polling(api, [question('checkout')])
  await poll.round()
  assert.deepEqual(
    api.asked.map(({ query, time }) => [query, time]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['sum(rate(bad{slo="checkout"}[1m]))', Date.UTC(2026, 0, 1, 0, 1) / second],
      ['sum(rate(total{slo="checkout"}[1m]))', Date.UTC(2026, 0, 1, 0, 1) / second],
    ],
  )
  assert.deepEqual(poll.sink.booked, [
    { slo: 'checkout', region: 'eu', from: minutesIn(0), to: minutesIn(1), bad: 60, total: 600 },
  ])
  assert.equal(poll.watermark(), minutesIn(1))
  assert.equal(poll.problem(), undefined)
})

test('asks once an interval, as soon as its samples are there, and spans make up all time', async () => {
  await using api = await queryApiServer(steady)
  await using poll = polling(api, [question('checkout')])
  await poll.round()
  for (let round = 2; round <= 5; round++) {
    const dueAt = minutesIn(round) + delayMs
    await poll.clock.advance(dueAt - 1 - poll.clock.now())
    assert.equal(api.asked.length, 2 * (round - 1), 'not a moment sooner')
    await poll.clock.advance(1)
    await poll.round()
  }
  assert.deepEqual(
    poll.sink.booked.map(({ from, to }) => [from, to]),
    [1, 2, 3, 4, 5].map((end) => [minutesIn(end - 1), minutesIn(end)]),
  )
})

test('an interval is never shorter than a step, and $window is as long', async () => {
  await using api = await queryApiServer(steady)
  await using poll = polling(api, [question('checkout')], { stepMs: 90 * second })
  await poll.round()
  await poll.clock.advance(minutesIn(1.5) + delayMs - start)
  await poll.round()
  const windows = new Set(api.asked.map(({ query }) => /\[(.*)\]/.exec(query)?.[1]))
  assert.deepEqual([...windows], ['1m30s'])
  assert.equal(poll.sink.booked[1].from, poll.sink.booked[0].to)
})

test('what was not answered is asked together with what comes next', async () => {
  await using api = await queryApiServer(failing)
  await using poll = polling(api, [question('checkout')])
  await poll.round()
  await poll.nextRound()
  assert.deepEqual(poll.sink.booked, [], 'nothing is booked for what is not known')
  api.answer = steady
  await poll.nextRound()
  assert.deepEqual(poll.sink.spans(), [[2, 3]], 'before its first answer nothing is owed')
  api.answer = failing
  await poll.nextRound()
  await poll.nextRound()
  api.answer = steady
  await poll.nextRound()
  assert.deepEqual(poll.sink.spans(), [
    [2, 3],
    [3, 6],
  ])
  assert.equal(poll.sink.totals().at(-1), 3 * 600)
  assert.match(api.asked.at(-1)?.query ?? '', /\[3m\]/)
})

test('a hole that is too long for one query stays a hole', async () => {
  await using api = await queryApiServer(steady)
  await using poll = polling(api, [question('checkout')])
  await poll.round()
  api.answer = failing
  const missed = querySpanMaxMs / minute
  for (let round = 0; round < missed; round++) await poll.nextRound()
  api.answer = steady
  await poll.nextRound()
  assert.deepEqual(poll.sink.spans(), [
    [0, 1],
    [missed + 1, missed + 2],
  ])
})

test('asks nothing that is answered already, as after a restart or a reload', async () => {
  await using api = await queryApiServer(steady)
  await using first = polling(api, [question('checkout')])
  await first.round()
  await first.stop()
  const asked = api.asked.length
  await using again = polling(api, [question('checkout')], { answers: first.sink })
  await again.clock.advance(0)
  assert.equal(api.asked.length, asked)
  await again.clock.advance(minute)
  await again.round()
  assert.deepEqual(first.sink.spans(), [
    [0, 1],
    [1, 2],
  ])
})

test('of a share it asks one query', async () => {
  await using api = await queryApiServer((_, response) => answerNumber(response, 0.1))
  const share: QueryIndicator = {
    kind: 'query',
    given: 'error-ratio',
    query: '1 - avg_over_time(up[$window])',
    total: null,
  }
  await using poll = polling(api, [{ slo: 'probe', indicator: share }])
  await poll.round()
  assert.deepEqual(
    api.asked.map(({ query }) => query),
    ['1 - avg_over_time(up[1m])'],
  )
  assert.deepEqual(poll.sink.booked, [
    { slo: 'probe', region: 'eu', from: minutesIn(0), to: minutesIn(1), bad: 6_000, total: 60_000 },
  ])
})

/** Answers from which nothing can be known, and what is counted and said of them. */
const unknowns: readonly (readonly [
  string,
  (asked: AskedInstant, response: ServerResponse) => void,
  string,
  RegExp,
])[] = [
  ['a failure', failing, 'failed', /HTTP 503: internal: no storage/],
  ['no series', (_, response) => answerNumber(response, undefined), 'empty', /the total has no series/],
  [
    'a warning',
    (_, response) =>
      answerJson(response, 200, {
        status: 'success',
        warnings: ['store b is gone'],
        data: { resultType: 'scalar', result: [0, '1'] },
      }),
    'partial',
    /store b is gone/,
  ],
  ['a broken connection', (_, response) => response.destroy(), 'no-answer', /other side closed|ECONNRESET|hang up/],
]
for (const [what, answer, outcome, reason] of unknowns) {
  test(`${what} is unknown: booked as nothing, counted each time, said once, and once when it is over`, async () => {
    await using api = await queryApiServer(steady)
    await using poll = polling(api, [question('checkout')])
    await poll.round()
    api.answer = answer
    for (let round = 0; round < 3; round++) await poll.nextRound()
    assert.equal(poll.sink.booked.length, 1)
    assert.match(poll.problem() ?? '', new RegExp(`^checkout: .*${reason.source}`))
    api.answer = steady
    await poll.nextRound()
    assert.equal(poll.problem(), undefined)
    const counted = (which: string) => poll.meter.values.get(`sloburn_queries_total{source="prom",outcome="${which}"}`)
    assert.deepEqual([counted('answered'), counted(outcome)], [2, 3])
    const [failure, recovery, ...others] = poll.log.lines
    assert.deepEqual(others, [])
    assert.deepEqual(
      [failure.level, failure.fields['slos'], failure.fields['outcome']],
      ['warn', ['checkout'], outcome],
    )
    assert.match(String(failure.fields['problem']), reason)
    assert.deepEqual([recovery.level, recovery.fields['slos']], ['info', ['checkout']])
  })
}

test('an answer that takes too long is none', async () => {
  const hanging = Promise.withResolvers<void>()
  await using api = await queryApiServer(() => hanging.resolve())
  await using poll = polling(api, [question('checkout')], { timeoutMs: 10 * second })
  await poll.clock.advance(0)
  await hanging.promise
  await poll.clock.advance(10 * second)
  await poll.round()
  assert.match(poll.problem() ?? '', /no answer within 10s/)
  assert.deepEqual(poll.sink.booked, [])
})

test('SLOs that fail together are named in one line, and no more of them than fit', async () => {
  await using api = await queryApiServer(failing)
  const questions = Array.from({ length: 30 }, (_, index) => question(`slo-${index}`))
  await using poll = polling(api, questions)
  await poll.round(30)
  const [{ fields }, ...others] = poll.log.lines
  assert.deepEqual(others, [])
  assert.equal(fields['count'], 30)
  assert.ok(Array.isArray(fields['slos']) && fields['slos'].length === 20)
  assert.match(poll.problem() ?? '', /\(and 29 more\)$/)
})

test('one SLO that fails leaves the others alone', async () => {
  await using api = await queryApiServer((asked, response) => {
    if (asked.query.includes('b"')) failing(asked, response)
    else steady(asked, response)
  })
  await using poll = polling(
    api,
    ['a', 'b', 'c'].map((name) => question(name)),
  )
  await poll.round(3)
  assert.deepEqual(poll.sink.booked.map(({ slo }) => slo).sort(), ['a', 'c'])
})

test('an API that is gone is not asked once for each of a hundred SLOs', async () => {
  await using api = await queryApiServer((_, response) => response.destroy())
  const questions = Array.from({ length: 100 }, (_, index) => question(`slo-${index}`))
  await using poll = polling(api, questions)
  await poll.round(100)
  const enough = 2 * 2 * queriesInFlightPerSourceMax
  assert.ok(api.asked.length <= enough, `${api.asked.length} queries for an API that is gone`)
  assert.equal(poll.meter.values.get('sloburn_queries_total{source="prom",outcome="no-answer"}'), 100)
  api.answer = steady
  await poll.nextRound(100)
  assert.equal(poll.sink.booked.length, 100)
})

test('asks only a few at a time', async () => {
  let inFlight = 0
  let most = 0
  await using api = await queryApiServer((asked, response) => {
    most = Math.max(most, ++inFlight)
    setImmediate(() => {
      inFlight--
      steady(asked, response)
    })
  })
  await using poll = polling(
    api,
    Array.from({ length: 40 }, (_, index) => question(`slo-${index}`)),
  )
  await poll.round(40)
  assert.ok(most > 2 && most <= 2 * queriesInFlightPerSourceMax, `${most} at once`)
  assert.equal(poll.sink.booked.length, 40)
})

test('an SLO that the rules no longer ask about is forgotten', async () => {
  await using api = await queryApiServer(failing)
  await using poll = polling(api, [question('old')])
  await poll.round()
  assert.match(poll.problem() ?? '', /^old/)
  poll.sink.ask([question('new')])
  api.answer = steady
  await poll.nextRound()
  assert.equal(poll.problem(), undefined)
})

test('stops at once, and what was under way leaves no trace', async () => {
  const asked = Promise.withResolvers<void>()
  await using api = await queryApiServer(() => asked.resolve())
  const poll = polling(api, [question('checkout')])
  await poll.clock.advance(0)
  await asked.promise
  await poll.stop()
  await poll.clock.advance(hour)
  assert.deepEqual(poll.sink.booked, [])
  assert.deepEqual(poll.log.lines, [])
  assert.equal(poll.meter.values.size, 0)
})

test('with nothing to ask it asks nothing', async () => {
  await using api = await queryApiServer(steady)
  await using poll = polling(api, [])
  await poll.clock.advance(hour)
  assert.deepEqual(api.asked, [])
})

/** One failure and ten requests a second. */
function steady({ query }: AskedInstant, response: ServerResponse): void {
  answerNumber(response, query.includes('bad') ? 1 : 10)
}

function failing(_: AskedInstant, response: ServerResponse): void {
  answerJson(response, 503, { status: 'error', errorType: 'internal', error: 'no storage' })
}

function question(slo: string): Question {
  const query = `sum(rate(bad{slo="${slo}"}[$window]))`
  const total = `sum(rate(total{slo="${slo}"}[$window]))`
  return { slo, indicator: { kind: 'query', given: 'bad', query, total } }
}

function minutesIn(minutes: number): number {
  return Date.UTC(2026, 0, 1) + minutes * minute
}

interface RecordingAnswers extends AnswerSink {
  readonly booked: (Answer & { readonly slo: string })[]
  /** From and to of every answer, in minutes. */
  spans(): [number, number][]
  totals(): number[]
  ask(questions: readonly Question[]): void
}

function recordingAnswers(first: readonly Question[]): RecordingAnswers {
  const booked: RecordingAnswers['booked'] = []
  let questions = first
  return {
    booked,
    spans: () => booked.map(({ from, to }) => [(from - minutesIn(0)) / minute, (to - minutesIn(0)) / minute]),
    totals: () => booked.map(({ total }) => total),
    ask: (changed) => {
      questions = changed
    },
    questions: () => questions,
    answeredUntil: ({ slo }) => booked.findLast((answer) => answer.slo === slo)?.to,
    book: ({ slo }, answer) => booked.push({ slo, ...answer }) > 0,
  }
}

type Choices = Partial<Pick<QueryPollOptions, 'stepMs'>> & {
  readonly answers?: RecordingAnswers
  readonly timeoutMs?: number
}

/** Asks until it is disposed of. `round` waits until so many questions of a round have their outcome. */
function polling(api: QueryApiServer, questions: readonly Question[], choices: Choices = {}) {
  const clock = new VirtualClock(start)
  const log = recordingLog()
  const recorded = recordingMeter()
  const outcomes = countedOutcomes(recorded)
  const sink = choices.answers ?? recordingAnswers(questions)
  const { stepMs = 15 * second, timeoutMs = minute } = choices
  const settings = {
    url: api.url,
    headers: new Map(),
    tls: undefined,
    intervalMs: minute,
    timeoutMs,
    backfill: undefined,
  }
  const poll = startQueryPoll({
    source: 'prom',
    region: 'eu',
    settings,
    answers: sink,
    stepMs,
    delayMs,
    clock,
    meter: outcomes.meter,
    log,
  })
  return {
    clock,
    log,
    sink,
    meter: recorded,
    problem: () => poll.problem(),
    watermark: () => poll.watermark(),
    stop: () => poll.stop(),
    round: (asked = 1) => outcomes.next(asked),
    nextRound: async (asked = 1) => {
      await clock.advance(minute)
      await outcomes.next(asked)
    },
    [Symbol.asyncDispose]: () => poll.stop(),
  }
}

/** A meter by which a test can wait for outcomes. */
function countedOutcomes(meter: Meter) {
  let due = 0
  let wake: (() => void) | undefined
  const counting: Meter = {
    ...meter,
    count: (name, labels, by) => {
      meter.count(name, labels, by)
      if (name !== 'sloburn_queries_total') return
      due--
      if (due === 0) wake?.()
    },
  }
  return {
    meter: counting,
    /** Waits for so many outcomes more, those that came before it was called included, and for what follows from them. */
    next: async (count: number) => {
      due += count
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      if (due === 0) resolve()
      await promise
      await new Promise<void>((done) => setImmediate(done))
    },
  }
}
