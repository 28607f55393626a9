import type { Labels } from '../core/model/labels.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Selector } from '../core/model/selector.ts'
import type { Slo } from '../core/model/slo.ts'
import {
  bucketBoundLabel,
  type MissingBound,
  missingBucketText,
  neighbouringBounds,
  wantedBucket,
} from '../core/sli/bucket-bound.ts'
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
  return missingBucketProblem(slo, { ...wanted, next: found })
}

/** That an SLO asks for a bucket which is not there; only a warning where no other bucket was seen either. */
function missingBucketProblem(slo: Slo, missing: MissingBound): Problem {
  const { below, above } = missing.next
  const hasOthers = below !== undefined || above !== undefined
  return {
    code: 'RULE_BUCKET_BOUND',
    severity: hasOthers ? 'error' : 'warning',
    at: slo.at,
    message: `SLO "${slo.name}" cannot be counted: ${missingBucketText(missing)}`,
    hint: hasOthers
      ? 'take one of these bounds, or give the histogram the bucket; nothing is interpolated'
      : 'without buckets nobody knows how long events took, so the SLO counts nothing',
  }
}

/** The same for SLOs that a replay could not count, one problem for all regions that lack the same. */
export function uncountedSlos(
  slos: readonly Slo[],
  missing: readonly (MissingBound & { readonly slo: string })[],
): Problem[] {
  const problems = missing.flatMap((each) => {
    return slos.filter(({ name }) => name === each.slo).map((slo) => missingBucketProblem(slo, each))
  })
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

/** Accepts the buckets that a selector would take, whatever their bound. */
function anyBound({ matchers }: Selector): LabelPredicate {
  const compiled = compileMatchers(matchers.filter(({ label }) => label !== bucketBoundLabel))
  return compiled.kind === 'compiled' ? compiled.matches : () => false
}
