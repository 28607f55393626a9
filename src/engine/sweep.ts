import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { AlertStates } from './alert-states.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { GlobalSweep, type Overview } from './global-sweep.ts'
import type { RegionCounts } from './region-counts.ts'
import { RegionSweep } from './region-sweep.ts'
import { SweepClasses } from './sweep-class.ts'
import { type LoudSlo, openKind } from './sweep-step.ts'

/** Judges all SLOs of a scope side by side, and answers those that must be judged one by one; docs/decisions/0007. */
export class Sweep {
  readonly #counting: Counting
  readonly #gates: EvidenceGates
  #regions = new Map<string, RegionSweep>()
  #global: GlobalSweep | undefined
  #builtOf: readonly number[] = []
  #from: EpochMs = Number.NaN
  #until: EpochMs = Number.NaN
  #alerts: AlertStates | undefined
  #alertsVersion = -1

  constructor(counting: Counting, gates: EvidenceGates) {
    this.#counting = counting
    this.#gates = gates
  }

  /** Samples may have come since: to be told before each tick. */
  begin(): void {
    for (const region of this.#regions.values()) region.forget()
    this.#global?.forget()
  }

  /** The SLOs of a region that must be judged one by one at a step, in the order in which they are counted. */
  inRegion(name: string, at: EpochMs, alerts: AlertStates, isAssumedEmpty: boolean): readonly LoudSlo[] {
    this.#build(at)
    this.#noteAlerts(alerts)
    const region = this.#regions.get(name)
    if (region === undefined) return []
    region.prepare(at)
    return region.loud(at, isAssumedEmpty)
  }

  /** The same for the global scope; its regions stay as they are until the next tick. */
  globally(at: EpochMs, alerts: AlertStates): readonly LoudSlo[] {
    this.#build(at)
    this.#noteAlerts(alerts)
    return this.#global?.loud(at) ?? []
  }

  /** What is known without reading any SLO; undefined where the global scope was not judged side by side as of this moment. */
  overview(at: EpochMs): Overview | undefined {
    return this.#global?.overview(at)
  }

  #build(at: EpochMs): void {
    const { version, exclusions, regions } = this.#counting
    const versions = [...regions.values()].map((region: RegionCounts) => region.slosVersion)
    const of = [version, exclusions.version, this.#gates.namesVersion, ...versions]
    const isSame = of.length === this.#builtOf.length && of.every((each, index) => each === this.#builtOf[index])
    if (isSame && at > this.#from && at <= this.#until) return
    const classes = new SweepClasses(this.#counting.stepMs)
    const built = [...regions.values()].map(
      (region) => new RegionSweep(this.#counting, this.#gates, region, classes, at),
    )
    this.#regions = new Map(built.map((region) => [region.region.region, region]))
    this.#global = new GlobalSweep(this.#counting, this.#gates, built, classes, at)
    this.#builtOf = of
    this.#from = built.reduce((from, { validity }) => Math.max(from, validity.from), Number.NEGATIVE_INFINITY)
    this.#until = built.reduce((until, { validity }) => Math.min(until, validity.until), Number.POSITIVE_INFINITY)
    this.#alerts = undefined
  }

  #noteAlerts(alerts: AlertStates): void {
    if (alerts === this.#alerts && alerts.version === this.#alertsVersion) return
    this.#alerts = alerts
    this.#alertsVersion = alerts.version
    for (const region of this.#regions.values()) region.clearAlerts()
    this.#global?.clearAlerts()
    for (const { id, state } of alerts.records()) {
      if (id.cause !== undefined) continue
      const scope = id.scope === globalScope ? this.#global : this.#regions.get(id.scope)
      scope?.setAlert(id.slo, openKind.bits(id.severity, state.kind), openKind.mask(id.severity))
    }
  }
}
