import { groupsPerSloMax, seriesPerSloMax } from '../core/model/limits.ts'
import type { Engine } from '../engine/engine.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/** Makes a function that counts what limits refused since its last call, and says once of each SLO that it is full. */
export function limitReports(
  { counting, errors }: Pick<Engine, 'counting' | 'errors'>,
  { log, meter }: { log: Log; meter: Meter },
): () => void {
  const countNew = { groups: newSince(0), gaugeSamples: newSince(0), series: newSince(0) }
  const surveyed = new Map(Object.keys(errors.refused).map((limit) => [limit, newSince(0)]))
  let full: ReadonlySet<string> = new Set()
  let tooWide: ReadonlySet<string> = new Set()
  return () => {
    const groups = countNew.groups(counting.groupsRefused)
    if (groups > 0) meter.count('sloburn_limit_hits_total', { limit: 'groupsPerSloMax' }, groups)
    const gaugeSamples = countNew.gaugeSamples(counting.series.gaugeSamplesDropped)
    if (gaugeSamples > 0) meter.count('sloburn_limit_hits_total', { limit: 'gaugeSamplesPerSeriesMax' }, gaugeSamples)
    const series = countNew.series(counting.perSlo.refused)
    if (series > 0) meter.count('sloburn_limit_hits_total', { limit: 'seriesPerSloMax' }, series)
    for (const [limit, total] of Object.entries(errors.refused)) {
      const refused = surveyed.get(limit)?.(total) ?? 0
      if (refused > 0) meter.count('sloburn_limit_hits_total', { limit }, refused)
    }
    for (const slo of counting.perSlo.full) {
      if (!tooWide.has(slo)) log.warn({ slo, seriesPerSloMax }, 'SLO has too many series; new ones are not counted')
    }
    tooWide = new Set(counting.perSlo.full)
    for (const slo of counting.fullSlos) {
      if (!full.has(slo))
        log.warn({ slo, groupsPerSloMax }, 'SLO has too many groups; those beyond the limit are not counted')
    }
    full = new Set(counting.fullSlos)
  }
}

/** How much a running total has grown since the last call. */
function newSince(start: number): (total: number) => number {
  let before = start
  return (total) => {
    const grown = total - before
    before = total
    return grown
  }
}
