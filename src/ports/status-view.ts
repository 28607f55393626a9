import type { Episode } from '../core/model/alert.ts'
import type { DeliveryRecord } from '../core/model/delivery.ts'
import type { EpochMs, Ratio } from '../core/model/units.ts'
import type { SloStatus } from './slo-status.ts'

/** What the engine knows right now, for people: the API, the status page and the metrics are made of it alone. */
export interface StatusView {
  /** Every SLO, by name. */
  slos(): readonly SloStatus[]
  /** One SLO with everything that its figures are made of; undefined where there is none of that name. */
  slo(name: string): SloStatus | undefined
  /** Alert episodes, newest first. */
  episodes(query: { readonly activeOnly: boolean; readonly limit: number }): Promise<readonly Episode[]>
  /** How many series are counted, and what for. */
  cardinality(): CardinalityReport
  /** Every source, in the order of the config. */
  sources(): readonly SourceStatus[]
  /** Why the engine is not ready to be relied upon; empty when it is. */
  notReadyReasons(): readonly string[]
  /** Why the store cannot be written, and since when; absent or undefined while it can. */
  storeOutage?(): StoreOutage | undefined
  /** Messages that were given up, the newest first; absent where none are kept. */
  deadLetters?(limit: number): Promise<readonly DeliveryRecord[]>
}

/** The store cannot be written: what is decided is held in memory, and pages go out from there. */
export interface StoreOutage {
  readonly since: EpochMs
  readonly reason: string
  /** What waits to be written: turns of the engine, and outcomes of attempts. */
  readonly held: number
}

/** How many series are counted, and what most of them are for, largest first. */
export interface CardinalityReport {
  readonly series: number
  readonly targets: number
  /** Series that an SLO wanted and did not get, because it has as many as it may. */
  readonly refused: number
  readonly slos: readonly CardinalityLine[]
  readonly metrics: readonly CardinalityLine[]
  readonly sources: readonly CardinalityLine[]
}

export interface CardinalityLine {
  readonly name: string
  readonly series: number
}

/** Where samples come from, and how far they have come. */
export interface SourceStatus {
  readonly name: string
  readonly kind: string
  /** null when the samples carry it themselves. */
  readonly region: string | null
  /** The event time up to which the source's data is complete; null before its first sample. */
  readonly watermark: EpochMs | null
  /** What went wrong last, until it goes well again. */
  readonly problem: string | null
  /** The share of the wanted history that was read so far; left out when none is missing. */
  readonly historyRead?: Ratio
}
