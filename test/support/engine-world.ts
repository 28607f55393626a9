import assert from 'node:assert/strict'
import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import type { AlertRecord, Episode } from '../../src/core/model/alert.ts'
import { alertKey } from '../../src/core/model/alert.ts'
import type { DayCounts } from '../../src/core/model/daily-counts.ts'
import type { NewDelivery } from '../../src/core/model/delivery.ts'
import type { Incident } from '../../src/core/model/incident.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Silence } from '../../src/core/model/silence.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Routing } from '../../src/core/paging/routing.ts'
import { Engine, type EngineWorld } from '../../src/engine/engine.ts'
import type { StepSettings } from '../../src/engine/progress.ts'
import type { ScopeReading } from '../../src/engine/read-scope.ts'
import type { HistoryReading } from '../../src/ports/history-sink.ts'
import { type SampleSink, sampleBatch } from '../../src/ports/sample-sink.ts'
import type { TickCommit } from '../../src/ports/store.ts'

/** One sample as a test speaks of it; the labels include the metric name. */
export interface MadeSample {
  readonly labels: Readonly<Record<string, string>>
  readonly time: number
  readonly value: number
}

/** Sends every alert to one receiver with one recipient. */
export const everythingToOncall: Routing = {
  routes: [{ match: {}, receivers: ['oncall'] }],
  recipientsOf: () => [''],
  traitsOf: () => ({ takesUpdates: false, takesDigests: false }),
  // Everything is told at once, so that a test sees what was decided without waiting for it.
  policy: { ...standardIncidentPolicy, groupWithinMs: 0, resolveAfterMs: 0 },
  digest: (text) => text,
}

/** A store in memory that remembers all it was given, and fails when told to. */
export class RememberingStore {
  readonly deliveries: NewDelivery[] = []
  readonly commits: TickCommit[] = []
  readonly #episodes = new Map<string, Episode>()
  readonly #alerts = new Map<string, AlertRecord>()
  readonly #progress = new Map<string, number>()
  readonly #days = new Map<string, DayCounts>()
  readonly #incidents = new Map<string, Incident>()
  readonly #silences = new Map<string, Silence>()
  parts = new Map<string, Uint8Array>()
  /** How many of the next commits and checkpoints fail. */
  failures = 0

  /** Those on burn rates. */
  get episodes(): readonly Episode[] {
    return [...this.#episodes.values()].filter(({ id }) => id.cause === undefined)
  }

  /** Those about the data itself. */
  get dataEpisodes(): readonly Episode[] {
    return [...this.#episodes.values()].filter(({ id }) => id.cause !== undefined)
  }

  /** By SLO, region and time. */
  get days(): readonly DayCounts[] {
    return [...this.#days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day)
  }

  /** Incidents that are not released, as they stand. */
  get incidents(): readonly Incident[] {
    return [...this.#incidents.values()]
  }

  get world(): EngineWorld['store'] {
    return {
      load: async () => ({
        alerts: [...this.#alerts.values()],
        progress: new Map(this.#progress),
        incidents: [...this.#incidents.values()],
        adopted: [],
        silences: [...this.#silences.values()],
        annotations: this.commits.flatMap(({ annotations }) => annotations),
      }),
      commit: async (tick) => this.#commit(tick),
      dailyCounts: {
        list: async ({ from, to, slos }) =>
          this.days.filter((day) => day.to > from && day.from < to && (slos === undefined || slos.includes(day.slo))),
        prune: async () => 0,
      },
      checkpoints: {
        names: async () => [...this.parts.keys()],
        read: async (names) =>
          new Map([...this.parts].flatMap(([name, bytes]) => (names.includes(name) ? [[name, bytes.slice()]] : []))),
        save: async (parts, removed) => this.#save(parts, removed),
      },
    }
  }

  /** As it stands now, as a database file copied while the process is killed. */
  copy(): RememberingStore {
    const copy = new RememberingStore()
    for (const [key, record] of this.#alerts) copy.#alerts.set(key, record)
    for (const [scope, at] of this.#progress) copy.#progress.set(scope, at)
    for (const [key, day] of this.#days) copy.#days.set(key, day)
    for (const [key, episode] of this.#episodes) copy.#episodes.set(key, episode)
    for (const [id, incident] of this.#incidents) copy.#incidents.set(id, incident)
    for (const [id, silence] of this.#silences) copy.#silences.set(id, silence)
    copy.deliveries.push(...this.deliveries)
    copy.parts = new Map([...this.parts].map(([name, bytes]) => [name, bytes.slice()]))
    return copy
  }

  #commit(tick: TickCommit): void {
    this.#failIfTold()
    this.commits.push(tick)
    for (const [scope, at] of tick.progress) this.#progress.set(scope, at)
    for (const day of tick.days ?? []) this.#days.set(`${day.slo}/${day.region}/${day.from}`, day)
    for (const day of tick.pastDays ?? []) {
      const known = this.days.filter(({ slo, region }) => slo === day.slo && region === day.region)
      if (known.some(({ from, to }) => from < day.to && to > day.from)) continue
      this.#days.set(`${day.slo}/${day.region}/${day.from}`, day)
    }
    for (const record of tick.alerts) {
      if (record.state.kind === 'inactive') this.#alerts.delete(alertKey(record.id))
      else this.#alerts.set(alertKey(record.id), record)
    }
    for (const episode of tick.episodes) this.#episodes.set(`${alertKey(episode.id)}@${episode.firedAt}`, episode)
    for (const incident of tick.incidents) this.#incidents.set(incident.id, incident)
    for (const id of tick.released) this.#incidents.delete(id)
    for (const silence of tick.silences) this.#silences.set(silence.id, silence)
    for (const delivery of tick.deliveries) {
      if (!this.deliveries.some(({ id }) => id === delivery.id)) this.deliveries.push(delivery)
    }
  }

  #save(parts: ReadonlyMap<string, Uint8Array>, removed: Iterable<string>): void {
    this.#failIfTold()
    for (const name of removed) this.parts.delete(name)
    for (const [name, bytes] of parts) this.parts.set(name, bytes.slice())
  }

  #failIfTold(): void {
    if (this.failures === 0) return
    this.failures--
    throw new Error('disk full')
  }
}

/** What a made engine is started with; the clock stands at infinity unless one is given. */
export interface EngineChoices extends Partial<StepSettings> {
  readonly slos: readonly Slo[]
  readonly store?: RememberingStore
  readonly now?: () => number
  /** The time that samples are stamped by; the same unless one is given. */
  readonly sampleNow?: () => number
  readonly onReading?: (reading: ScopeReading) => void
}

export function anEngine(choices: EngineChoices): Engine {
  const { slos, store, now, sampleNow, onReading, stepMs = 15_000, delayMs = 0 } = choices
  return new Engine({ stepMs, delayMs }, slos, everythingToOncall, {
    store: (store ?? new RememberingStore()).world,
    now: now ?? (() => Number.POSITIVE_INFINITY),
    ...(sampleNow === undefined ? {} : { sampleNow }),
    ...(onReading === undefined ? {} : { onReading }),
  })
}

/** Appends samples in one batch. */
export function send(
  sink: SampleSink,
  samples: readonly MadeSample[],
  origin = { source: 'test', region: undefined },
): void {
  const batch = sampleBatch(samples.length)
  for (const { labels, time, value } of samples) {
    const ref = sink.resolve(labelsOf(Object.entries(labels)), origin)
    if (ref < 0) continue
    batch.refs[batch.length] = ref
    batch.timesMs[batch.length] = time
    batch.values[batch.length] = value
    batch.length++
  }
  sink.append(batch)
}

/** Ticks until nothing is due. */
export async function evaluateAll(engine: Engine): Promise<void> {
  while ((await engine.tick()) !== undefined);
}

/** Begins to read the history of region `eu` from the API `api`, which nothing else does. */
export function openedHistory(engine: Engine): HistoryReading {
  const reading = engine.history.open('eu', 'api')
  assert.ok(reading !== undefined)
  return reading
}
