import { lengthOf } from '../core/budget/excluded-spans.ts'
import type { Span } from '../core/model/exclusion.ts'
import { defaultDataPolicy } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { type CombineCounts, combineRegions } from '../core/regions/combine-regions.ts'
import { combineBounds } from '../core/regions/count-bounds.ts'
import { globalState } from '../core/regions/data-state.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { ScopeReading } from './read-scope.ts'

/** One reading made of several; `sighted` are those on whose data it depends. */
export function readingTogether(
  compiled: CompiledSlo,
  scope: string,
  at: EpochMs,
  readings: readonly ScopeReading[],
  combine: CombineCounts,
  sighted: readonly ScopeReading[] = readings,
): ScopeReading {
  return {
    compiled,
    scope,
    at,
    counts: (windowMs) => combine(readings.map((reading) => reading.counts(windowMs))),
    judgedSpans: (from, to) => longestSpans(readings.map((reading) => reading.judgedSpans(from, to))),
    between: (from, to) => combine(readings.map((reading) => reading.between(from, to))),
    charged: (from, to) => combine(readings.map((reading) => reading.charged(from, to))),
    excluded: (from, to) => addUp(readings.map((reading) => reading.excluded(from, to))),
    bounds: (windowMs) => {
      const bounds = readings.map((reading) => {
        if (isCounted(compiled, reading, sighted)) return reading.bounds(windowMs)
        const counts = reading.counts(windowMs)
        return { best: counts, worst: counts }
      })
      return combineBounds(combine, bounds)
    },
    countedMs: (from, to) => longest(readings.map((reading) => reading.countedMs(from, to))),
    seenMs: (from, to) => longest(readings.map((reading) => reading.seenMs(from, to))),
    state: () => globalState(sighted.map(({ state }) => state())),
    coverage: (windowMs) => mean(sighted.map((reading) => reading.coverage(windowMs))),
    judgedMs: (windowMs) => longest(sighted.map((reading) => reading.judgedMs(windowMs))),
    isWhole: () => sighted.every(({ isWhole }) => isWhole()),
    seenUntil: latest(sighted.map(({ seenUntil }) => seenUntil)),
  }
}

const addUp = combineRegions('events')

/** Whether what cannot be seen of a part matters: not of one that is gone for good, nor where the SLO says to ignore it. */
function isCounted({ slo }: CompiledSlo, reading: ScopeReading, sighted: readonly ScopeReading[]): boolean {
  return (slo.data ?? defaultDataPolicy).unseen !== 'ignore' && sighted.includes(reading)
}

function longest(lengths: readonly DurationMs[]): DurationMs {
  return lengths.reduce((a, b) => Math.max(a, b), 0)
}

function longestSpans(parts: readonly (readonly Span[])[]): readonly Span[] {
  return parts.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a), [])
}

function latest(moments: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  return moments.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
