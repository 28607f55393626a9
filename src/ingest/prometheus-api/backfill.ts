import type { Labels } from '../../core/model/labels.ts'
import {
  historySamplesPerQuery,
  historySpanMaxMs,
  historySpanMinMs,
  namesPerLogLineMax,
} from '../../core/model/limits.ts'
import { type DurationMs, type EpochMs, hourMs, minuteMs, secondMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HistoryReading, HistorySink } from '../../ports/history-sink.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { httpClient } from '../http-exchange.ts'
import { slept } from '../slept.ts'
import { askInTime } from './ask-in-time.ts'
import type { BackfillConfig } from './backfill-config.ts'
import { askHistory, type QueryApi } from './client.ts'
import type { QueryConfig } from './config.ts'
import { type AnsweredSeries, eachOnce, type HistoryAnswer } from './history-answer.ts'
import { HistoryHistograms } from './history-histograms.ts'
import { rangesOf } from './raw-ranges.ts'

/** Whose history is read, and where it goes. */
export interface BackfillOptions {
  /** The source's name. */
  readonly source: string
  /** The region that the API speaks for. */
  readonly region: string
  readonly settings: QueryConfig & { readonly backfill: BackfillConfig }
  readonly history: HistorySink
  /** Where the same API is read live: up to when it was, undefined before the first time. */
  readonly readUntil?: () => EpochMs | undefined
  /** Gives labels as the API has them their normalised ones. */
  readonly normalized: (labels: Labels) => Labels
  /** Labels that the API need not know: conditions on them are judged here. */
  readonly madeLabels: ReadonlySet<string>
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** The reading of history by one source. */
export interface Backfill {
  /** Asks nothing any more; what was booked stays, and the next one goes on from there. */
  stop(): Promise<void>
  /** Why history cannot be read at the moment; undefined when it can, or nothing is missing. */
  problem(): string | undefined
  /** The share of it that was read; undefined when nothing is missing. */
  progress(): number | undefined
}

/** How often is looked whether an SLO is new. */
const lookEveryMs = 15 * secondMs
/** Pause after a failure, doubled with each one. */
const retryMinMs = 5 * secondMs
const retryMaxMs = 5 * minuteMs
/** How much is asked for at first; the answer tells how much more may be. */
const firstSpanMs = 15 * minuteMs
/** Progress is said in the log each time that so much more was read. */
const progressSaidEvery = 0.1

interface Running extends BackfillOptions {
  readonly api: QueryApi
  readonly stopping: AbortSignal
  problemNow: string | undefined
  progressNow: number | undefined
}

/**
 * Reads what SLOs lack of the past, in pieces that a server answers easily, oldest first, one after the other. Nothing
 * shows before all of it is there; a restart goes on where the last checkpoint was.
 */
export function startBackfill(options: BackfillOptions): Backfill {
  const stopping = new AbortController()
  const client = httpClient(options.settings)
  const running: Running = {
    ...options,
    api: { url: options.settings.url, client },
    stopping: stopping.signal,
    problemNow: undefined,
    progressNow: undefined,
  }
  const done = readForever(running)
  return {
    stop: async () => {
      stopping.abort(new Error('stopped'))
      await done
      client.close()
    },
    problem: () => running.problemNow,
    progress: () => running.progressNow,
  }
}

async function readForever(running: Running): Promise<void> {
  const { clock, history, region, source, settings, stopping } = running
  const waitUntil = clock.now() + settings.backfill.waitMs
  // Live samples first: history joins on to them to the event. They need not come, and one round of scrapes is enough.
  while (!history.isLive(region) && clock.now() < waitUntil) {
    if (!(await slept(clock, Math.min(waitUntil, clock.now() + secondMs), stopping))) return
  }
  if (!(await slept(clock, Math.min(waitUntil, clock.now() + settings.backfill.waitMs / 2), stopping))) return
  while (!stopping.aborted) {
    const liveUntil = running.readUntil?.()
    // What is read live comes later than at once: history must not end where that has not begun.
    if (running.readUntil !== undefined && liveUntil === undefined) {
      if (!(await slept(clock, clock.now() + secondMs, stopping))) return
      continue
    }
    const reading = history.open(region, source, liveUntil)
    if (reading === undefined) {
      running.meter.set('sloburn_backfill_progress_ratio', { source }, 1)
      if (!(await slept(clock, clock.now() + lookEveryMs, stopping))) return
    } else if (!(await readAll(running, reading))) return
  }
}

/** Reads all of one region; false when it was stopped. */
async function readAll(running: Running, reading: HistoryReading): Promise<boolean> {
  const { clock, log, meter, region, source, settings, stopping } = running
  const from = Math.max(reading.readUntil, reading.until - settings.backfill.reachMs)
  const fields = { source, region, slos: reading.slos.slice(0, namesPerLogLineMax), count: reading.slos.length }
  log.info({ ...fields, from, until: reading.until, goesOn: reading.readUntil > reading.from }, 'reading history')
  if (from > reading.readUntil) reading.book([], from)
  const span = spanKeeper()
  const histograms = new HistoryHistograms((histogram) => reading.boundsOf(histogram))
  let failures = 0
  let said = 0
  let samples = 0
  while (reading.readUntil < reading.until) {
    const until = Math.min(reading.until, reading.readUntil + span.lengthMs)
    const asked = await askAll(running, reading, until)
    if (stopping.aborted) return false
    if (asked.kind === 'unknown') {
      failures++
      say(running, asked.reason)
      span.shrink()
      const pauseMs = Math.min(retryMaxMs, retryMinMs * 2 ** (failures - 1))
      if (!(await slept(clock, clock.now() + pauseMs, stopping))) return false
      continue
    }
    failures = 0
    say(running, undefined)
    const native = asked.series.map((each) => histograms.read(each)).filter((read) => read !== undefined)
    const booked = reading.book([...asked.series, ...native], until)
    samples += booked
    span.answered(asked.samples)
    if (booked > 0) meter.count('sloburn_backfill_samples_total', { source }, booked)
    const progress = (reading.readUntil - reading.from) / (reading.until - reading.from)
    running.progressNow = progress
    meter.set('sloburn_backfill_progress_ratio', { source }, progress)
    if (progress >= said + progressSaidEvery && progress < 1) {
      said = progress
      log.info({ source, region, progress: Math.round(progress * 100), samples }, 'reading history, percent done')
    }
    if (!(await slept(clock, clock.now() + settings.backfill.pauseMs, stopping))) return false
  }
  reading.finish()
  running.progressNow = undefined
  meter.set('sloburn_backfill_progress_ratio', { source }, 1)
  log.info({ ...fields, samples }, 'history is read')
  return true
}

/** How much is asked for at once: by time, so that as many samples come back as are wanted. */
function spanKeeper() {
  let lengthMs = firstSpanMs
  const within = (wanted: DurationMs) => {
    const whole = wanted >= hourMs ? Math.floor(wanted / hourMs) * hourMs : Math.floor(wanted / minuteMs) * minuteMs
    lengthMs = Math.min(historySpanMaxMs, Math.max(historySpanMinMs, whole))
  }
  return {
    get lengthMs() {
      return lengthMs
    },
    answered: (samples: number) =>
      within(Math.min(lengthMs * 4, (lengthMs * historySamplesPerQuery) / Math.max(1, samples))),
    shrink: () => within(lengthMs / 4),
  }
}

/** All series of one piece, each once, whichever selectors they answer to. */
async function askAll(running: Running, reading: HistoryReading, until: EpochMs): Promise<HistoryAnswer> {
  const { madeLabels, normalized, settings } = running
  const waiting = [...rangesOf(reading.selectors, until - reading.readUntil, madeLabels)]
  const series: AnsweredSeries[] = []
  let samples = 0
  let unknown: HistoryAnswer | undefined
  const askNext = async (): Promise<void> => {
    for (let query = waiting.shift(); query !== undefined && unknown === undefined; query = waiting.shift()) {
      const answer = await askCounted(running, query, until)
      if (answer.kind === 'unknown') unknown = answer
      else {
        for (const each of answer.series) series.push({ ...each, labels: normalized(each.labels) })
        samples += answer.samples
      }
    }
  }
  await Promise.all(Array.from({ length: settings.backfill.concurrency }, askNext))
  return unknown ?? { kind: 'series', series: eachOnce(series), samples }
}

async function askCounted(running: Running, query: string, at: EpochMs): Promise<HistoryAnswer> {
  const { api, meter, settings, source, stopping } = running
  const answer = await askInTime(running, settings.backfill.timeoutMs, (signal) => askHistory(api, query, at, signal))
  const outcome = answer.kind === 'unknown' ? answer.outcome : 'answered'
  if (!stopping.aborted) meter.count('sloburn_backfill_queries_total', { source, outcome })
  return answer
}

/** Says once that history cannot be read, and once that it can again. */
function say(running: Running, problem: string | undefined): void {
  const { log, source, region } = running
  if (problem !== undefined && running.problemNow === undefined) {
    log.warn({ source, region, problem }, 'history cannot be read; it is tried again')
  }
  if (problem === undefined && running.problemNow !== undefined)
    log.info({ source, region }, 'history can be read again')
  running.problemNow = problem
}
