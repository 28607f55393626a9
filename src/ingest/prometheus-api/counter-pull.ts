import type { Labels } from '../../core/model/labels.ts'
import { queriesInFlightPerSourceMax, querySpanMaxMs } from '../../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { alignDown } from '../../core/time/alignment.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HistorySink, WantedSeries } from '../../ports/history-sink.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import { httpClient } from '../http-exchange.ts'
import { slept } from '../slept.ts'
import { askInTime } from './ask-in-time.ts'
import { askHistory, type QueryApi } from './client.ts'
import type { QueryConfig } from './config.ts'
import { type AnsweredSeries, eachOnce } from './history-answer.ts'
import type { UnknownAnswer } from './query-answer.ts'
import { rangesOf } from './raw-ranges.ts'
import { RoundWriter } from './round-writer.ts'

/** Whose counters are read as they come, and where they go. */
export interface CounterPullOptions {
  /** The source's name. */
  readonly source: string
  /** The region that the API speaks for. */
  readonly region: string
  readonly settings: QueryConfig
  /** Time between two readings. */
  readonly intervalMs: DurationMs
  /** How long after a moment all its samples are there. */
  readonly delayMs: DurationMs
  readonly history: Pick<HistorySink, 'wanted'>
  readonly sink: SampleSink
  /** Gives labels as the API has them their normalised ones. */
  readonly normalized: (labels: Labels) => Labels
  /** Labels that the API need not know: conditions on them are judged here. */
  readonly madeLabels: ReadonlySet<string>
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** The running readings of one source. */
export interface CounterPull {
  /** Asks nothing any more and cuts off what is under way without trace. */
  stop(): Promise<void>
  /** Why counters cannot be read at the moment; undefined when they can. */
  problem(): string | undefined
  /** Up to when everything was read; undefined before the first time. */
  readUntil(): EpochMs | undefined
}

interface Pull extends CounterPullOptions {
  readonly api: QueryApi
  readonly writer: RoundWriter
  readonly stopping: AbortSignal
  /** Up to when everything was read; NaN before the first time. */
  readUntil: EpochMs
  problemNow: string | undefined
}

/**
 * Reads the counters that SLOs want from the API of a region as they come: once an interval the raw samples since the last
 * time. A round counts as a whole or not at all, so that a series which is missing is one that was not there; what was
 * missed is read with the next round, as far as one may reach, and beyond that counters tell it themselves.
 */
export function startCounterPull(options: CounterPullOptions): CounterPull {
  const stopping = new AbortController()
  const client = httpClient(options.settings)
  const pull: Pull = {
    ...options,
    api: { url: options.settings.url, client },
    writer: new RoundWriter(options),
    stopping: stopping.signal,
    readUntil: Number.NaN,
    problemNow: undefined,
  }
  const done = readForever(pull)
  return {
    async stop() {
      stopping.abort(new Error('stopped'))
      await done
      client.close()
    },
    problem: () => pull.problemNow,
    readUntil: () => (pull.readUntil === pull.readUntil ? pull.readUntil : undefined),
  }
}

async function readForever(pull: Pull): Promise<void> {
  const { clock, delayMs, intervalMs, stopping } = pull
  let readAt = Number.NEGATIVE_INFINITY
  while (!stopping.aborted) {
    const at = alignDown(clock.now() - delayMs, intervalMs)
    if (at > readAt) {
      readAt = at
      await readRound(pull, at)
    } else if (!(await slept(clock, readAt + intervalMs + delayMs, stopping))) return
  }
}

async function readRound(pull: Pull, at: EpochMs): Promise<void> {
  const { history, intervalMs, region, stopping, readUntil } = pull
  const reachMs = Math.max(intervalMs, querySpanMaxMs)
  const from = at - readUntil <= reachMs ? readUntil : at - (readUntil === readUntil ? reachMs : intervalMs)
  const wanted = history.wanted(region)
  const asked = await askAll(pull, wanted, from, at)
  if (stopping.aborted) return
  if (!Array.isArray(asked)) return say(pull, asked.reason)
  pull.writer.write(
    asked.filter(({ labels }) => wanted.takes(labels)),
    from,
  )
  pull.readUntil = at
  say(pull, undefined)
}

/** All series of (from, at] and a little before, each once, whichever selectors they answer to; or why not all are known. */
async function askAll(
  pull: Pull,
  { selectors }: WantedSeries,
  from: EpochMs,
  at: EpochMs,
): Promise<AnsweredSeries[] | UnknownAnswer> {
  const { delayMs, madeLabels, meter, normalized, settings, source, stopping } = pull
  const waiting = [...rangesOf(selectors, at - from + delayMs, madeLabels)]
  const series: AnsweredSeries[] = []
  let unknown: UnknownAnswer | undefined
  const askNext = async (): Promise<void> => {
    for (let range = waiting.shift(); range !== undefined && unknown === undefined; range = waiting.shift()) {
      const answer = await askInTime(pull, settings.timeoutMs, (signal) => askHistory(pull.api, range, at, signal))
      if (stopping.aborted) return
      meter.count('sloburn_queries_total', { source, outcome: answer.kind === 'unknown' ? answer.outcome : 'answered' })
      if (answer.kind === 'unknown') unknown = answer
      else for (const each of answer.series) series.push({ ...each, labels: normalized(each.labels) })
    }
  }
  await Promise.all(Array.from({ length: queriesInFlightPerSourceMax }, askNext))
  return unknown ?? eachOnce(series)
}

/** Says once that counters cannot be read, and once that they can again. */
function say(pull: Pull, problem: string | undefined): void {
  const { log, source, region } = pull
  if (problem !== undefined && pull.problemNow === undefined) {
    log.warn({ source, region, problem }, 'counters cannot be read; they are asked for again')
  }
  if (problem === undefined && pull.problemNow !== undefined) log.info({ source, region }, 'counters can be read again')
  pull.problemNow = problem
}
