import { defaultDataPolicy } from '../core/model/slo.ts'
import { type DurationMs, type EpochMs, minuteMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'

/** An SLO whose data is looked at now. */
export interface DataTurn {
  readonly compiled: CompiledSlo
  /** Its place in the order of all SLOs. */
  readonly place: number
  /** Whether its traffic is compared with past weeks as well. */
  readonly isTrafficTurn: boolean
}

/** Moments between two looks that SLOs are spread over. */
const phases = 997

/** So many SLOs in a row are looked at together, because their counts lie side by side. */
const togetherMax = 32

/** Blocks are spread evenly, however many there are: this share of the circle is the golden one. */
const phasesApart = 616

/** Where blindness is to be told sooner than this, a look a minute would be a good part of it. */
const hastyBelowMs: DurationMs = 5 * minuteMs

/** SLOs that are looked at together; `looks` are the same without a comparison of traffic. */
interface Phase {
  readonly phase: number
  readonly turns: readonly DataTurn[]
  readonly looks: readonly DataTurn[]
  /** Those whose traffic is compared. */
  readonly traffic: readonly DataTurn[]
  /** Those that are looked at whenever anybody looks. */
  readonly hasty: readonly DataTurn[]
}

/** When the data of which SLO is looked at: each has its own moment, so that no tick looks at all. Composites have no data. */
export class DataTurns {
  readonly #lookEveryMs: DurationMs
  readonly #trafficEveryMs: DurationMs
  #phases: readonly Phase[] = []
  readonly #phaseOf = new Map<string, number>()
  #countingVersion = -1
  #hasHasty = false

  constructor(lookEveryMs: DurationMs, trafficEveryMs: DurationMs) {
    this.#lookEveryMs = lookEveryMs
    this.#trafficEveryMs = trafficEveryMs
  }

  /** Whether the data of any SLO is looked at at every look. */
  hasHasty(counting: Counting): boolean {
    if (this.#countingVersion !== counting.version) this.#spread(counting)
    return this.#hasHasty
  }

  /**
   * The SLOs whose moment lies within (lastAt, at]. Where all data is seen, only those of which an alert is open need a look, given
   * as `alerting`; the others come when their traffic is to be compared.
   */
  *due(
    counting: Counting,
    lastAt: EpochMs,
    at: EpochMs,
    alerting: ReadonlySet<string> | undefined,
  ): Iterable<DataTurn> {
    if (this.#countingVersion !== counting.version) this.#spread(counting)
    const looking = alerting === undefined ? undefined : new Set([...alerting].map((id) => this.#phaseOf.get(id)))
    for (const { phase, turns, looks, traffic, hasty } of this.#phases) {
      const isTraffic = isTurn(phase, this.#trafficEveryMs, lastAt, at)
      // Those that are looked at together stay so: what is decided comes in the same order either way.
      const mayLook = looking === undefined || looking.has(phase)
      const isLook = mayLook && isTurn(phase, this.#lookEveryMs, lastAt, at)
      if (isTraffic) yield* isLook || hasty.length > 0 ? turns : traffic
      else if (isLook) yield* looks
      else if (mayLook) yield* hasty
    }
  }

  #spread(counting: Counting): void {
    this.#countingVersion = counting.version
    this.#phaseOf.clear()
    const phasesUsed = new Map<number, DataTurn[]>()
    for (const [place, compiled] of [...counting.slos.values()].entries()) {
      const { kind } = compiled.slo.indicator
      if (kind === 'composite') continue
      const phase = (Math.floor(place / togetherMax) * phasesApart) % phases
      const turns = phasesUsed.get(phase) ?? []
      phasesUsed.set(phase, turns)
      this.#phaseOf.set(compiled.id, phase)
      turns.push({ compiled, place, isTrafficTurn: kind === 'events' || kind === 'query' })
    }
    this.#phases = [...phasesUsed].map(([phase, turns]) => {
      const looks = turns.map((turn) => ({ ...turn, isTrafficTurn: false }))
      const hasty = looks.filter(({ compiled }) => isHasty(compiled))
      return { phase, turns, looks, traffic: turns.filter((turn) => turn.isTrafficTurn), hasty }
    })
    this.#hasHasty = this.#phases.some(({ hasty }) => hasty.length > 0)
  }
}

function isHasty({ slo }: CompiledSlo): boolean {
  const { severity, afterMs } = (slo.data ?? defaultDataPolicy).blind
  return severity !== 'off' && afterMs < hastyBelowMs
}

function isTurn(phase: number, everyMs: DurationMs, lastAt: EpochMs, at: EpochMs): boolean {
  const offsetMs = (phase / phases) * everyMs
  return Math.floor((at + offsetMs) / everyMs) !== Math.floor((lastAt + offsetMs) / everyMs)
}
