import type { AlertRecord, Episode } from '../../src/core/model/alert.ts'
import { alertKey } from '../../src/core/model/alert.ts'
import type { NewDelivery } from '../../src/core/model/delivery.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Routing } from '../../src/core/paging/plan.ts'
import { Engine, type EngineSettings, type EngineWorld } from '../../src/engine/engine.ts'
import type { ScopeReading } from '../../src/engine/read-scope.ts'
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
  digest: (text) => text,
}

/** A store in memory that remembers all it was given, and fails when told to. */
export class RememberingStore {
  readonly deliveries: NewDelivery[] = []
  readonly commits: TickCommit[] = []
  readonly #episodes = new Map<string, Episode>()
  readonly #alerts = new Map<string, AlertRecord>()
  readonly #progress = new Map<string, number>()
  parts = new Map<string, Uint8Array>()
  /** How many of the next commits and checkpoints fail. */
  failures = 0

  get episodes(): readonly Episode[] {
    return [...this.#episodes.values()]
  }

  get world(): EngineWorld['store'] {
    return {
      load: async () => ({ alerts: [...this.#alerts.values()], progress: new Map(this.#progress) }),
      commit: async (tick) => this.#commit(tick),
      checkpoints: {
        load: async () => new Map([...this.parts].map(([name, bytes]) => [name, bytes.slice()])),
        save: async (parts, removed) => this.#save(parts, removed),
      },
    }
  }

  /** As it stands now, as a database file copied while the process is killed. */
  copy(): RememberingStore {
    const copy = new RememberingStore()
    for (const [key, record] of this.#alerts) copy.#alerts.set(key, record)
    for (const [scope, at] of this.#progress) copy.#progress.set(scope, at)
    for (const [key, episode] of this.#episodes) copy.#episodes.set(key, episode)
    copy.deliveries.push(...this.deliveries)
    copy.parts = new Map([...this.parts].map(([name, bytes]) => [name, bytes.slice()]))
    return copy
  }

  #commit(tick: TickCommit): void {
    this.#failIfTold()
    this.commits.push(tick)
    for (const [scope, at] of tick.progress) this.#progress.set(scope, at)
    for (const record of tick.alerts) {
      if (record.state.kind === 'inactive') this.#alerts.delete(alertKey(record.id))
      else this.#alerts.set(alertKey(record.id), record)
    }
    for (const episode of tick.episodes) this.#episodes.set(`${alertKey(episode.id)}@${episode.firedAt}`, episode)
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
export interface EngineChoices extends Partial<EngineSettings> {
  readonly slos: readonly Slo[]
  readonly store?: RememberingStore
  readonly now?: () => number
  readonly onReading?: (reading: ScopeReading) => void
}

export function anEngine({ slos, store, now, onReading, stepMs = 15_000, delayMs = 0 }: EngineChoices): Engine {
  const world = { store: (store ?? new RememberingStore()).world, now: now ?? (() => Number.POSITIVE_INFINITY) }
  return new Engine(
    { stepMs, delayMs },
    slos,
    everythingToOncall,
    onReading === undefined ? world : { ...world, onReading },
  )
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
