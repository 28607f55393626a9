import type { Registry } from 'prom-client'
import type { OwnSample, OwnSeries } from '../ports/own-series.ts'
import type { StatusView } from '../ports/status-view.ts'
import type { ShowSlos } from './slo-metrics.ts'

/** The values of a registry and of every SLO as samples, for those who are sent them. */
export function ownSamples(registry: Registry, view: Pick<StatusView, 'slos'>, showSlos: ShowSlos): OwnSeries {
  return async (kind) => {
    showSlos(view.slos())
    const names = registry.getMetricsAsArray().map(({ name }) => name)
    const wanted = kind === 'all' ? names : names.filter((name) => name.startsWith('slo_'))
    const samples: OwnSample[] = []
    for (const metricName of wanted) {
      const metric = await registry.getSingleMetric(metricName)?.get()
      for (const { value, labels, ...rest } of metric?.values ?? []) {
        // Node's own event loop figures are not a number until there are some.
        if (Number.isNaN(value)) continue
        // The parts of histograms and summaries are called otherwise than the whole.
        const name = 'metricName' in rest && typeof rest.metricName === 'string' ? rest.metricName : metricName
        samples.push({ name, labels: knownLabels(labels), value })
      }
    }
    return samples
  }
}

/** prom-client leaves a label without a value undefined. */
function knownLabels(labels: Readonly<Partial<Record<string, string | number>>>): Record<string, string | number> {
  const known: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(labels)) if (value !== undefined) known[name] = value
  return known
}
