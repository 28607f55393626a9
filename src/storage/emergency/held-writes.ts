import { alertKey } from '../../core/model/alert.ts'
import type { DayCounts } from '../../core/model/daily-counts.ts'
import type { Outcome } from '../../core/model/delivery.ts'
import type { Incident } from '../../core/model/incident.ts'
import { heldCommitsMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { TickCommit, UnclaimedAttempt } from '../../ports/store.ts'

/** Something that the store could not take yet. */
export type HeldWrite =
  | { readonly kind: 'commit'; readonly tick: TickCommit }
  | {
      readonly kind: 'settle'
      readonly id: string
      readonly attempt: number
      readonly outcome: Outcome
      readonly at: EpochMs
      readonly retryAt: EpochMs | undefined
    }
  | { readonly kind: 'attempt'; readonly attempt: UnclaimedAttempt }
  | { readonly kind: 'recover'; readonly now: EpochMs }

/** What a store that cannot be written is told later, in the order in which it was decided. */
export class HeldWrites {
  #writes: HeldWrite[] = []
  #commits = 0

  get size(): number {
    return this.#writes.length
  }

  get first(): HeldWrite | undefined {
    return this.#writes[0]
  }

  /** The first was written. */
  removeFirst(): void {
    if (this.#writes.shift()?.kind === 'commit') this.#commits--
  }

  /** False where there is no room for another one that says anything. */
  add(write: HeldWrite): boolean {
    const last = this.#writes.at(-1)
    // A turn at which nothing was decided only moves on what is counted: a day of them is as large as one.
    if (write.kind === 'commit' && last?.kind === 'commit' && isQuiet(write.tick) && this.#writes.length > 1) {
      this.#writes[this.#writes.length - 1] = { kind: 'commit', tick: merged(last.tick, write.tick) }
      return true
    }
    if (write.kind === 'commit' && this.#commits >= heldCommitsMax) return false
    if (write.kind === 'commit') this.#commits++
    if (write.kind === 'attempt') this.#forgetFailures(write.attempt.id)
    this.#writes.push(write)
    return true
  }

  /** Whether what a process that died left in flight is still held for being under way. */
  get isUnrecovered(): boolean {
    return this.#writes.some(({ kind }) => kind === 'recover')
  }

  /** Incidents as they stand in what is held. */
  incidents(): ReadonlyMap<string, Incident> {
    const found = new Map<string, Incident>()
    for (const write of this.#writes) {
      if (write.kind === 'commit') for (const incident of write.tick.incidents) found.set(incident.id, incident)
    }
    return found
  }

  /** Every turn that is held, in order. */
  commits(): readonly TickCommit[] {
    return this.#writes.flatMap((write) => (write.kind === 'commit' ? [write.tick] : []))
  }

  /** Of attempts that failed, and are known to have, the last one tells enough: a receiver may be away for as long as the disk. */
  #forgetFailures(id: string): void {
    const isKnownFailure = (write: HeldWrite) =>
      write.kind === 'attempt' && write.attempt.id === id && write.attempt.outcome.kind === 'retry'
    // The first may be on its way into the store at this moment.
    this.#writes = this.#writes.filter((write, index) => index === 0 || !isKnownFailure(write))
  }
}

/** What of a turn may be written together with the turn before: what is newer stands for what is older. */
const mergeable: ReadonlySet<string> = new Set<keyof TickCommit>([
  'at',
  'progress',
  'days',
  'alerts',
  'episodes',
  'incidents',
  'burnRates',
])

/** Whether nothing of a turn must stand in an order with what was decided before it. */
function isQuiet(tick: TickCommit): boolean {
  return Object.entries(tick).every(([name, value]) => {
    return mergeable.has(name) || value === undefined || (Array.isArray(value) && value.length === 0)
  })
}

/** Two turns as one, of which the second decided nothing: what is newer stands for what is older. */
function merged(earlier: TickCommit, later: TickCommit): TickCommit {
  const days = newest([...(earlier.days ?? []), ...(later.days ?? [])], dayKey)
  return {
    ...earlier,
    days,
    progress: new Map([...earlier.progress, ...later.progress]),
    alerts: newest([...earlier.alerts, ...later.alerts], ({ id }) => alertKey(id)),
    episodes: newest([...earlier.episodes, ...later.episodes], ({ id, firedAt }) => `${alertKey(id)}@${firedAt}`),
    incidents: newest([...earlier.incidents, ...later.incidents], ({ id }) => id),
    burnRates: [...earlier.burnRates, ...later.burnRates],
  }
}

function dayKey({ slo, region, from }: DayCounts): string {
  return JSON.stringify([slo, region, from])
}

function newest<Value>(values: readonly Value[], keyOf: (value: Value) => string): readonly Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()]
}
