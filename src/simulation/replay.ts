import { standardIncidentPolicy } from '../core/incidents/incident-policy.ts'
import type { Episode } from '../core/model/alert.ts'
import type { NewDelivery } from '../core/model/delivery.ts'
import type { Incident } from '../core/model/incident.ts'
import type { Slo } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Route } from '../core/paging/route.ts'
import type { Routing } from '../core/paging/routing.ts'
import { alignDown, alignUp } from '../core/time/alignment.ts'
import { Engine } from '../engine/engine.ts'
import type { ScopeReading } from '../engine/read-scope.ts'
import { type SampleBatch, sampleBatch } from '../ports/sample-sink.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'
import { type LoggedSample, SampleLog } from './sample-log.ts'

/** History replayed through the engine that runs in production, with nothing but its clock and its store replaced. */
export interface Replay {
  /** Where history goes before it is replayed. */
  readonly log: SampleLog
  readonly engine: Engine
  readonly run: (range: ReplayRange) => Promise<ReplayResult>
  /** Who would have been told what, so far. */
  readonly deliveries: () => readonly NewDelivery[]
  /** What the alerts so far would have become. */
  readonly incidents: () => readonly Incident[]
  /** Everything that the engine stored so far. */
  readonly kept: Omit<MemoryStore, 'store'>
}

/** Which steps are evaluated. */
export interface ReplayRange {
  /** First evaluation; the first sample where it is not given. */
  readonly start?: EpochMs | undefined
  /** Last evaluation; the last sample where it is not given. */
  readonly end?: EpochMs | undefined
  /** Told of how far the replay has come. */
  readonly onProgress?: (at: EpochMs) => void
}

/** What a replay found. */
export interface ReplayResult {
  /** First and last step evaluated; undefined when there was no sample at all. */
  readonly start: EpochMs | undefined
  readonly end: EpochMs | undefined
  /** Those on burn rates. */
  readonly episodes: readonly Episode[]
  /** Those about the data itself: that it could not be seen, or that the traffic was gone. */
  readonly dataEpisodes: readonly Episode[]
}

/** An engine that is fed from data and goes by the time in it. */
export function replay(
  slos: readonly Slo[],
  stepMs: DurationMs,
  onReading?: (reading: ScopeReading) => void,
  routes: readonly Route[] = [],
): Replay {
  const memory = memoryStore()
  const routing: Routing = {
    routes,
    recipientsOf: () => [''],
    traitsOf: () => ({ takesUpdates: true, takesDigests: false }),
    policy: standardIncidentPolicy,
    digest: (text: string) => text,
  }
  const world = { store: memory.store, now: () => Number.POSITIVE_INFINITY }
  const observed = onReading === undefined ? world : { ...world, onReading }
  const engine = new Engine({ stepMs, delayMs: 0 }, slos, routing, observed)
  const log = new SampleLog(engine.sink)
  return {
    log,
    engine,
    run: async (range) => {
      const span = await play(engine, log, stepMs, range)
      const all = memory.episodes()
      return { ...span, episodes: all.filter((one) => !isOfData(one)), dataEpisodes: all.filter(isOfData) }
    },
    deliveries: () => memory.deliveries(),
    incidents: () => memory.incidents(),
    kept: memory,
  }
}

function isOfData({ id }: Episode): boolean {
  return id.cause !== undefined
}

/** Books samples in order of time, and ticks whenever the next sample lies beyond a step. */
async function play(engine: Engine, log: SampleLog, stepMs: DurationMs, { start, end, onProgress }: ReplayRange) {
  const batch = sampleBatch(4_096)
  let stepEnd = Number.NaN
  let first: EpochMs | undefined
  let last: EpochMs | undefined
  for (const sample of log.inOrder()) {
    const { time, isEnd } = sample
    if (end !== undefined && time > end) break
    if (first === undefined) {
      if (isEnd) continue
      first = alignUp(start ?? time, stepMs)
      engine.startAfter(first - stepMs)
      stepEnd = alignUp(time, stepMs)
    }
    if (time > stepEnd) {
      flush(engine, batch)
      await evaluate(engine)
      stepEnd = alignUp(time, stepMs)
      onProgress?.(time)
    }
    if (batch.length === batch.refs.length) flush(engine, batch)
    put(batch, sample)
    // That a series ended moves no time on, as in production.
    if (!isEnd) last = time
  }
  flush(engine, batch)
  await evaluate(engine)
  if (first === undefined || last === undefined) return { start: undefined, end: undefined }
  return { start: first, end: Math.max(first, alignDown(last, stepMs)) }
}

async function evaluate(engine: Engine): Promise<void> {
  while ((await engine.tick()) !== undefined);
}

function put(batch: SampleBatch, { ref, time, value, startMs, isEnd }: LoggedSample): void {
  batch.refs[batch.length] = ref
  batch.timesMs[batch.length] = time
  batch.values[batch.length] = value
  batch.startsMs[batch.length] = startMs
  if (!Number.isNaN(startMs)) batch.hasStarts = true
  batch.stale[batch.length] = isEnd ? 1 : 0
  batch.length++
}

function flush(engine: Engine, batch: SampleBatch): void {
  if (batch.length > 0) engine.sink.append(batch)
  batch.length = 0
  batch.hasStarts = false
}
