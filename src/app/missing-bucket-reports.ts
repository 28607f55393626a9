import { missingBucketText } from '../core/sli/bucket-bound.ts'
import type { Counting } from '../engine/counting.ts'
import type { Log } from '../ports/log.ts'

/** Makes a function that says once of each SLO and region that it is held for want of a bucket, and once that it is not. */
export function missingBucketReports(counting: Counting, { log }: { readonly log: Log }): () => void {
  let told: ReadonlySet<string> = new Set()
  return () => {
    const now = new Map(
      counting.buckets.held.map((missing) => {
        const { slo, region, histogram, bound } = missing
        return [JSON.stringify([slo, region, histogram, bound]), { slo, region, reason: missingBucketText(missing) }]
      }),
    )
    for (const [key, held] of now) {
      if (!told.has(key)) log.warn(held, 'SLO is held as unknown: it asks for a bucket that is not there')
    }
    for (const key of told) {
      const [slo, region]: unknown[] = JSON.parse(key)
      if (!now.has(key)) log.info({ slo, region }, 'SLO is counted: the bucket that it asks for is there')
    }
    told = new Set(now.keys())
  }
}
