import { type Labels, labelsOf } from '../core/model/labels.ts'
import { exemplarsPerScopeMax, futureSampleToleranceMs } from '../core/model/limits.ts'
import type { ExemplarReading } from '../core/model/notification.ts'
import { globalScope } from '../core/model/slo.ts'
import { sloId } from '../core/model/slo-id.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { Exemplar, SampleOrigin } from '../ports/sample-sink.ts'
import { failedSlos } from './failed-event.ts'
import { regionOf, type SeriesDirections } from './series-directions.ts'

/** The newest failing exemplars of every SLO and region. */
export class FailingExemplars {
  readonly #byScope = new Map<string, Map<string, Exemplar[]>>()
  readonly #rules: () => SeriesDirections
  readonly #now: () => EpochMs

  constructor(rules: () => SeriesDirections, now: () => EpochMs) {
    this.#rules = rules
    this.#now = now
  }

  /** Keeps an exemplar for every SLO that its event failed, while it is among the newest; one without a trace shows nothing. */
  offer(labels: Labels, origin: SampleOrigin, exemplar: Exemplar): void {
    if (exemplar.traceId === undefined || exemplar.atMs > this.#now() + futureSampleToleranceMs) return
    for (const declared of failedSlos(this.#rules(), labels, exemplar.value)) {
      const { name, groupBy } = declared.slo
      const group = labelsOf(groupBy.map((label) => [label, labels.get(label) ?? '']))
      this.#keep(sloId({ name, group }), regionOf(declared, labels, origin), exemplar)
    }
  }

  /** The failing exemplars of an SLO in a scope, newest first. */
  of(slo: string, scope: string): readonly ExemplarReading[] {
    const regions = [...(this.#byScope.get(slo) ?? [])].filter(([region]) => scope === globalScope || region === scope)
    const all = regions.flatMap(([region, kept]) => kept.map((exemplar) => readingOf(exemplar, region)))
    return newestOf(all, ({ at }) => at)
  }

  /** All that is kept, for a checkpoint. */
  all(): readonly KeptExemplars[] {
    return [...this.#byScope].flatMap(([slo, regions]) =>
      [...regions].map(([region, kept]) => [slo, region, kept] as const),
    )
  }

  /** Puts back what `all` gave. */
  restore(all: readonly KeptExemplars[]): void {
    for (const [slo, region, kept] of all) for (const exemplar of kept) this.#keep(slo, region, exemplar)
  }

  /** Forgets those of SLOs that are gone. */
  keepOnly(slos: ReadonlyMap<string, unknown>): void {
    for (const slo of this.#byScope.keys()) if (!slos.has(slo)) this.#byScope.delete(slo)
  }

  #keep(slo: string, region: string, exemplar: Exemplar): void {
    const regions = this.#byScope.get(slo) ?? new Map<string, Exemplar[]>()
    this.#byScope.set(slo, regions)
    const kept = regions.get(region) ?? []
    if (kept.some(({ traceId, spanId }) => traceId === exemplar.traceId && spanId === exemplar.spanId)) return
    if (kept.length === exemplarsPerScopeMax && kept[kept.length - 1].atMs >= exemplar.atMs) return
    regions.set(
      region,
      newestOf([...kept, exemplar], ({ atMs }) => atMs),
    )
  }
}

/** An SLO, a region, and what is kept there. */
export type KeptExemplars = readonly [slo: string, region: string, kept: readonly Exemplar[]]

function newestOf<T>(exemplars: readonly T[], timeOf: (exemplar: T) => EpochMs): T[] {
  return exemplars.toSorted((a, b) => timeOf(b) - timeOf(a)).slice(0, exemplarsPerScopeMax)
}

function readingOf({ traceId = '', spanId, atMs, value }: Exemplar, region: string): ExemplarReading {
  return { traceId, spanId: spanId ?? null, region, at: atMs, value, url: null }
}
