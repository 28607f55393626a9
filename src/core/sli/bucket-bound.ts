import { type Labels, labelsOf, metricNameLabel } from '../model/labels.ts'
import type { Selector } from '../model/selector.ts'

/** The label that holds the upper bound of a classic histogram's bucket. */
export const bucketBoundLabel = 'le'

/** The number that a bucket bound says: `1`, `1.0` and `1e0` are one bucket; undefined when it is no number. */
export function bucketBound(text: string): number | undefined {
  if (/^\+?inf$/i.test(text)) return Number.POSITIVE_INFINITY
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** A bucket bound as Prometheus writes it. */
export function formatBucketBound(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound)
}

/** The labels with their bucket bound as `formatBucketBound` writes it: Prometheus 3 writes `1.0` where its forerunner had `1`. */
export function withPlainBound(labels: Labels): Labels {
  const written = labels.get(bucketBoundLabel)
  const bound = written === undefined ? undefined : bucketBound(written)
  if (bound === undefined || formatBucketBound(bound) === written) return labels
  return labelsOf([...labels, [bucketBoundLabel, formatBucketBound(bound)]])
}

/** The one bucket of one histogram that a selector asks for. */
export interface WantedBucket {
  /** Name of the histogram, without `_bucket`. */
  readonly histogram: string
  readonly bound: number
}

/** Which bucket a selector asks for; undefined when it asks for none, or for several. */
export function wantedBucket({ matchers }: Selector): WantedBucket | undefined {
  const valueOf = (wanted: string): string | undefined =>
    matchers.find(({ label, operator }) => label === wanted && operator === '=')?.value
  const name = valueOf(metricNameLabel)
  const bound = bucketBound(valueOf(bucketBoundLabel) ?? '')
  if (name === undefined || bound === undefined || !name.endsWith('_bucket')) return undefined
  return { histogram: name.slice(0, -'_bucket'.length), bound }
}

/** The bounds of a histogram on either side of one it does not have; undefined where there is none on that side. */
export interface NeighbouringBounds {
  readonly kind: 'between'
  readonly below: number | undefined
  readonly above: number | undefined
}

/** A bucket that is asked for and not there, with the bounds next to it; both undefined where none was seen at all. */
export interface MissingBound extends WantedBucket {
  readonly next: Pick<NeighbouringBounds, 'below' | 'above'>
}

/** That a bucket is not there, in words that name those next to it. */
export function missingBucketText({ histogram, bound, next: { below, above } }: MissingBound): string {
  const next = [below, above].filter((each) => each !== undefined).map(formatBucketBound)
  if (next.length === 0)
    return `no bucket of the histogram ${histogram} was seen, and ${formatBucketBound(bound)} is wanted`
  const [isOrAre, and] = next.length === 1 ? ['is', ''] : ['are', ' and ']
  return `the histogram ${histogram} has no bucket ${formatBucketBound(bound)}: next to it ${isOrAre} ${next.join(and)}`
}

/** Whether a histogram has a bucket with the bound, told from the `le` values seen, and otherwise which are next to it. */
export function neighbouringBounds(seen: Iterable<string>, wanted: number): { kind: 'exact' } | NeighbouringBounds {
  let below: number | undefined
  let above: number | undefined
  for (const text of seen) {
    const bound = bucketBound(text)
    if (bound === wanted) return { kind: 'exact' }
    if (bound === undefined) continue
    if (bound < wanted) below = Math.max(below ?? bound, bound)
    else above = Math.min(above ?? bound, bound)
  }
  return { kind: 'between', below, above }
}
