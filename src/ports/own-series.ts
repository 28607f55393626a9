/** One value that sloburn tells of itself, or of an SLO. */
export interface OwnSample {
  /** The metric, such as `slo_burn_rate`. */
  readonly name: string
  readonly labels: Readonly<Record<string, string | number>>
  /** Never NaN: what is not known has no sample. */
  readonly value: number
}

/** Which series: those of SLOs, named `slo_*`, or all that `/metrics` shows. */
export type OwnSeriesKind = 'slo' | 'all'

/** Everything that is known right now, as samples. */
export type OwnSeries = (kind: OwnSeriesKind) => Promise<readonly OwnSample[]>
