import type { Labels } from '../model/labels.ts'
import type { Matcher, Selector } from '../model/selector.ts'
import { bucketBoundLabel } from './bucket-bound.ts'
import { compileRegex } from './compile-regex.ts'
import { compileMatchers, type LabelPredicate } from './match-selector.ts'

/**
 * Finds the selectors that accept a series without trying them all. Each selector is filed under one label that it wants
 * to have a given value, the one that tells most selectors apart: usually the metric name or the job. A series then meets
 * only those filed under its own values, and the few that want no given value of any label.
 */
export class SelectorIndex<T> {
  readonly #entries: Entry<T>[] = []
  /** Made at the first look-up after the last `add`. */
  #filing: Filing<T> | undefined

  /** Throws when a regular expression is not valid: selectors come from the parser, which has refused those. */
  add(selector: Selector, payload: T): void {
    const compiled = compileMatchers(selector.matchers)
    if (compiled.kind === 'failed') throw new Error(`regular expression ${compiled.matcher.value}: ${compiled.reason}`)
    const { matches } = compiled
    this.#entries.push({ payload, order: this.#entries.length, matches, demands: demandsOf(selector) })
    this.#filing = undefined
  }

  /** The payloads of the selectors that accept these labels, in the order they were added. */
  match(labels: Labels): T[] {
    const accepted: Entry<T>[] = []
    for (const list of this.#candidates(labels))
      for (const entry of list) if (entry.matches(labels)) accepted.push(entry)
    // Nearly every series is wanted by one selector.
    if (accepted.length === 1) return [accepted[0].payload]
    return accepted.sort((a, b) => a.order - b.order).map(({ payload }) => payload)
  }

  /** How many selectors `match` tries for these labels. */
  candidateCount(labels: Labels): number {
    return this.#candidates(labels).reduce((count, list) => count + list.length, 0)
  }

  #candidates(labels: Labels): readonly (readonly Entry<T>[])[] {
    this.#filing ??= fileAll(this.#entries)
    const lists = [this.#filing.unfiled]
    for (const [label, byValue] of this.#filing.byLabel) {
      const list = byValue.get(labels.get(label) ?? '')
      if (list !== undefined) lists.push(list)
    }
    return lists
  }
}

interface Entry<T> {
  readonly payload: T
  readonly order: number
  readonly matches: LabelPredicate
  readonly demands: readonly Demand[]
}

/** A label that must have one of these values, none of them empty. */
interface Demand {
  readonly label: string
  readonly values: readonly string[]
}

interface Filing<T> {
  readonly byLabel: ReadonlyMap<string, ReadonlyMap<string, readonly Entry<T>[]>>
  readonly unfiled: readonly Entry<T>[]
}

function demandsOf({ matchers }: Selector): Demand[] {
  return matchers.flatMap((matcher) => {
    const values = [...new Set(wantedValues(matcher))]
    return values.length === 0 || values.includes('') ? [] : [{ label: matcher.label, values }]
  })
}

function wantedValues({ label, operator, value }: Matcher): readonly string[] {
  // A bucket bound can be written in several ways, and no series could be filed under all of them.
  if (label === bucketBoundLabel) return []
  if (operator === '=') return [value]
  if (operator !== '=~') return []
  const regex = compileRegex(value)
  return regex.kind === 'compiled' ? (regex.literals ?? []) : []
}

function fileAll<T>(entries: readonly Entry<T>[]): Filing<T> {
  const valueCounts = countValues(entries)
  const byLabel = new Map<string, Map<string, Entry<T>[]>>()
  const unfiled: Entry<T>[] = []
  for (const entry of entries) {
    const demand = mostTelling(entry.demands, valueCounts)
    if (demand === undefined) unfiled.push(entry)
    else fileUnder(byLabel, demand, entry)
  }
  return { byLabel, unfiled }
}

/** How many different values selectors want of each label. */
function countValues(entries: readonly Entry<unknown>[]): ReadonlyMap<string, number> {
  const seen = new Map<string, Set<string>>()
  for (const { label, values } of entries.flatMap(({ demands }) => demands)) {
    const ofLabel = seen.get(label) ?? new Set()
    for (const value of values) ofLabel.add(value)
    seen.set(label, ofLabel)
  }
  return new Map([...seen].map(([label, values]) => [label, values.size]))
}

/** Many different values over all selectors make short lists; many values of one selector put it into many lists. */
function mostTelling(demands: readonly Demand[], valueCounts: ReadonlyMap<string, number>): Demand | undefined {
  let best: Demand | undefined
  let bestRank = 0
  for (const demand of demands) {
    const rank = (valueCounts.get(demand.label) ?? 0) / demand.values.length
    if (rank > bestRank) [best, bestRank] = [demand, rank]
  }
  return best
}

function fileUnder<T>(byLabel: Map<string, Map<string, Entry<T>[]>>, { label, values }: Demand, entry: Entry<T>): void {
  const byValue = byLabel.get(label) ?? new Map<string, Entry<T>[]>()
  byLabel.set(label, byValue)
  for (const value of values) {
    const entries = byValue.get(value)
    if (entries === undefined) byValue.set(value, [entry])
    else entries.push(entry)
  }
}
