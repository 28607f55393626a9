import type { Labels } from '../core/model/labels.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Selector } from '../core/model/selector.ts'
import type { Slo } from '../core/model/slo.ts'
import { bucketBoundLabel, formatBucketBound, neighbouringBounds, wantedBucket } from '../core/sli/bucket-bound.ts'
import { compileMatchers, type LabelPredicate } from '../core/sli/match-selector.ts'

/** The SLOs that ask for a bucket which their histogram does not have, told from the series seen; each names its neighbours. */
export function missingBuckets(slos: readonly Slo[], series: readonly Labels[]): Problem[] {
  return slos.flatMap((slo) => bucketSelectors(slo).flatMap((selector) => missingBucket(slo, selector, series) ?? []))
}

/** Which series must be known for that: all buckets of the histograms that SLOs use. */
export function wantedBuckets(slos: readonly Slo[]): LabelPredicate {
  const predicates = slos.flatMap(bucketSelectors).map(anyBound)
  return (labels) => predicates.some((isBucket) => isBucket(labels))
}

function bucketSelectors({ indicator }: Slo): Selector[] {
  if (indicator.kind !== 'events' && indicator.kind !== 'slices') return []
  const selectors = indicator.signals.flatMap(({ counters }) => counters.terms.map(({ selector }) => selector))
  return selectors.filter((selector) => wantedBucket(selector) !== undefined)
}

function missingBucket(slo: Slo, selector: Selector, series: readonly Labels[]): Problem | undefined {
  const wanted = wantedBucket(selector)
  const bounds = series.filter(anyBound(selector)).map((labels) => labels.get(bucketBoundLabel) ?? '')
  if (wanted === undefined || bounds.length === 0) return undefined
  const found = neighbouringBounds(bounds, wanted.bound)
  if (found.kind === 'exact') return undefined
  const next = [found.below, found.above].filter((bound) => bound !== undefined).map(formatBucketBound)
  return {
    code: 'RULE_BUCKET_BOUND',
    severity: 'error',
    at: slo.at,
    message: `the histogram ${wanted.histogram} of SLO "${slo.name}" has no bucket ${formatBucketBound(wanted.bound)}: next to it are ${next.join(' and ')}`,
    hint: 'take one of these bounds, or give the histogram the bucket; nothing is interpolated',
  }
}

/** Accepts the buckets that a selector would take, whatever their bound. */
function anyBound({ matchers }: Selector): LabelPredicate {
  const compiled = compileMatchers(matchers.filter(({ label }) => label !== bucketBoundLabel))
  return compiled.kind === 'compiled' ? compiled.matches : () => false
}
