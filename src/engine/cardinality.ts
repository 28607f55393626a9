import { cardinalityLinesMax } from '../core/model/limits.ts'
import type { CardinalityLine, CardinalityReport } from '../ports/status-view.ts'
import type { Counting } from './counting.ts'

/** How many series are counted, and what most of them are for. A series that two SLOs want counts for both. */
export function cardinality({ series, perSlo }: Counting): CardinalityReport {
  const metrics = new Map<string, number>()
  const sources = new Map<string, number>()
  let all = 0
  for (const [{ metric, source }, count] of series.feeds()) {
    all += count
    metrics.set(metric, (metrics.get(metric) ?? 0) + count)
    sources.set(source, (sources.get(source) ?? 0) + count)
  }
  return {
    series: all,
    targets: series.targets.size,
    refused: perSlo.refused,
    slos: largest(perSlo.counts),
    metrics: largest(metrics),
    sources: largest(sources),
  }
}

function largest(counts: ReadonlyMap<string, number>): CardinalityLine[] {
  return [...counts]
    .map(([name, count]) => ({ name, series: count }))
    .sort((a, b) => b.series - a.series || (a.name < b.name ? -1 : 1))
    .slice(0, cardinalityLinesMax)
}
