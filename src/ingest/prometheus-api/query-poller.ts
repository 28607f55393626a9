import { queriesInFlightPerSourceMax, querySpanMaxMs } from '../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { alignDown } from '../../core/time/alignment.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { AnswerSink, Question } from '../../ports/answer-sink.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { httpClient } from '../http-exchange.ts'
import { slept } from '../slept.ts'
import { askInTime } from './ask-in-time.ts'
import { askPrometheus, type QueryApi } from './client.ts'
import type { QueryConfig } from './config.ts'
import type { QueryAnswer } from './query-answer.ts'
import { type QueryHealth, queryHealth } from './query-health.ts'
import { type SpanEvents, spanEvents } from './span-events.ts'

/** Who is asked, and where answers go. */
export interface QueryPollOptions {
  /** The source's name. */
  readonly source: string
  /** The region that the API speaks for. */
  readonly region: string
  readonly settings: QueryConfig
  readonly answers: AnswerSink
  /** Time between evaluations: nothing is asked more often. */
  readonly stepMs: DurationMs
  /** How long after a moment all its samples are there. */
  readonly delayMs: DurationMs
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** The running queries of one source. */
export interface QueryPoll {
  /** Asks nothing any more and cuts off what is under way without trace. */
  stop(): Promise<void>
  /** What is wrong with the first query that is not answered; undefined when all are. */
  problem(): string | undefined
  /** Up to when anything was answered; undefined before the first. */
  watermark(): EpochMs | undefined
}

/** What the rounds of one source share. */
interface Poll extends QueryPollOptions {
  readonly api: QueryApi
  readonly health: QueryHealth
  answeredUntil: EpochMs | undefined
}

/**
 * Asks the region's API, once an interval, for the events since it was asked last. Each answer is for its very own span
 * of time, so that the spans make up all time; one that was not answered becomes part of the next, up to a limit beyond
 * which it stays unknown. Nothing is asked twice, also over a restart.
 */
export function startQueryPoll(options: QueryPollOptions): QueryPoll {
  const stopping = new AbortController()
  const client = httpClient(options.settings)
  const api = { url: options.settings.url, client }
  const poll: Poll = { ...options, api, health: queryHealth(options), answeredUntil: undefined }
  const running = askForever(poll, stopping.signal)
  return {
    async stop() {
      stopping.abort(new Error('stopped'))
      await running
      client.close()
    },
    problem: () => poll.health.problem(),
    watermark: () => poll.answeredUntil,
  }
}

async function askForever(poll: Poll, stopping: AbortSignal): Promise<void> {
  const { clock, delayMs, settings, stepMs } = poll
  const intervalMs = Math.max(settings.intervalMs, stepMs)
  let askedAt = Number.NEGATIVE_INFINITY
  while (!stopping.aborted) {
    const at = alignDown(clock.now() - delayMs, intervalMs)
    if (at > askedAt) {
      askedAt = at
      await askAll(poll, at, intervalMs, stopping)
    } else if (!(await slept(clock, askedAt + intervalMs + delayMs, stopping))) return
  }
}

/** One round: every question for the span that ends at a moment, a few at a time. */
async function askAll(poll: Poll, at: EpochMs, intervalMs: DurationMs, stopping: AbortSignal): Promise<void> {
  const waiting = [...poll.answers.questions()]
  let silentInARow = 0
  const askNext = async (): Promise<void> => {
    for (let question = waiting.shift(); question !== undefined; question = waiting.shift()) {
      // An API that is gone is not asked a thousand times for a thousand SLOs.
      const events =
        silentInARow < queriesInFlightPerSourceMax ? await ask(poll, question, at, intervalMs, stopping) : notAsked
      if (stopping.aborted) return
      if (events === undefined) continue
      silentInARow = events.kind === 'unknown' && events.outcome === 'no-answer' ? silentInARow + 1 : 0
      poll.health.note(question.slo, events)
    }
  }
  await Promise.all(Array.from({ length: queriesInFlightPerSourceMax }, askNext))
  if (!stopping.aborted) poll.health.report(poll.answers.questions().map(({ slo }) => slo))
}

const notAsked: SpanEvents = {
  kind: 'unknown',
  outcome: 'no-answer',
  reason: 'not asked, since the API gave no answer',
}

/** Asks one question and books its answer; undefined when there is nothing to ask. */
async function ask(
  poll: Poll,
  question: Question,
  at: EpochMs,
  intervalMs: DurationMs,
  stopping: AbortSignal,
): Promise<SpanEvents | undefined> {
  const { answers, region } = poll
  const from = spanStart(answers.answeredUntil(question, region), at, intervalMs)
  if (from >= at) return undefined
  const { query, total } = question.indicator
  const [partAnswer, totalAnswer] = await Promise.all([
    askMeasured(poll, filled(query, at - from), at, stopping),
    total === null ? undefined : askMeasured(poll, filled(total, at - from), at, stopping),
  ])
  if (stopping.aborted) return undefined
  const asked = total === null || totalAnswer === undefined ? undefined : { query: total, answer: totalAnswer }
  const events = spanEvents(question.indicator, at - from, { query, answer: partAnswer }, asked)
  if (events.kind === 'known' && answers.book(question, { region, from, to: at, ...events.counts }))
    poll.answeredUntil = at
  return events
}

/** Where the last answer ended, unless that is too long ago for one query. */
function spanStart(answeredUntil: EpochMs | undefined, at: EpochMs, intervalMs: DurationMs): EpochMs {
  const isRecent = answeredUntil !== undefined && at - answeredUntil <= Math.max(intervalMs, querySpanMaxMs)
  return isRecent ? answeredUntil : at - intervalMs
}

function filled(query: string, windowMs: DurationMs): string {
  return query.replaceAll('$window', formatDuration(windowMs))
}

/** Asks an API as of a moment, and measures how long the answer took. */
async function askMeasured(poll: Poll, promql: string, at: EpochMs, stopping: AbortSignal): Promise<QueryAnswer> {
  const { api, clock, meter, settings, source } = poll
  const startedAt = clock.now()
  const world = { clock, meter, stopping }
  const answer = await askInTime(world, settings.timeoutMs, (signal) => askPrometheus(api, promql, at, signal))
  if (stopping.aborted) return answer
  meter.observe('sloburn_query_duration_seconds', { source }, Math.max(0, clock.now() - startedAt) / 1_000)
  return answer
}
