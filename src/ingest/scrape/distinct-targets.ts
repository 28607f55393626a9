import { targetsPerSourceMax } from '../../core/model/limits.ts'
import { type ScrapeTarget, targetIdentity, targetKey } from './target.ts'

/** Which targets are scraped, and which are not. */
export interface DistinctTargets {
  /** By what makes each the same as before. */
  readonly scraped: ReadonlyMap<string, ScrapeTarget>
  /** Of other pages under the labels of one that is scraped: their counters would make one that starts again and again. */
  readonly doubles: readonly ScrapeTarget[]
  /** How many are beyond `targetsPerSourceMax`. */
  readonly overLimit: number
}

/** Takes each target once, as many as a source may have. */
export function distinctTargets(wanted: readonly ScrapeTarget[]): DistinctTargets {
  const keys = new Map<string, string>()
  const scraped = new Map<string, ScrapeTarget>()
  const doubles: ScrapeTarget[] = []
  let overLimit = 0
  for (const target of wanted) {
    const identity = targetIdentity(target)
    const key = targetKey(target)
    const known = keys.get(identity)
    if (known === key) continue
    if (known !== undefined) doubles.push(target)
    else if (scraped.size === targetsPerSourceMax) overLimit++
    else {
      keys.set(identity, key)
      scraped.set(key, target)
    }
  }
  return { scraped, doubles, overLimit }
}
