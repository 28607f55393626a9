import assert from 'node:assert/strict'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from '../ports/meter.ts'
import { counters, gauges, histograms } from './catalogue.ts'

/**
 * Milliseconds between two looks at the lag of the event loop. At prom-client's 10 an idle process wakes a hundred times a second
 * for nothing else, which costs more CPU than scraping ten thousand series.
 */
const eventLoopMonitoringPrecision = 200

/** Gauges that prom-client names like counters, which promtool rejects; the same figures exist under proper names. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/**
 * The engine's meter with a registry of its own, which also holds what Node tells of its process.
 * Counting with other labels than the catalogue's throws: that is a mistake in the code.
 */
export function promMeter(build?: { readonly version: string }): { meter: Meter; registry: Registry } {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision })
  for (const name of misnamed) registry.removeSingleMetric(name)
  if (build !== undefined) addBuildInfo(registry, build.version)

  const registers = [registry]
  const counter = created(counters, (name, { help, labels }) => {
    return new Counter({ name, help, labelNames: labels, registers })
  })
  const gauge = created(gauges, (name, { help, labels }) => {
    const made = new Gauge({ name, help, labelNames: labels, registers })
    // Without labels prom-client starts at 0, which would be a statement; nothing is known yet.
    if (labels.length === 0) made.remove()
    return made
  })
  const histogram = created(histograms, (name, { help, labels, bucketsSeconds }) => {
    return new Histogram({ name, help, labelNames: labels, buckets: [...bucketsSeconds], registers })
  })
  const meter: Meter = {
    count: (name, labels, by = 1) => counter(name).inc(labels, by),
    set: (name, labels, value) => gauge(name).set(labels, value),
    observe: (name, labels, seconds) => histogram(name).observe(labels, seconds),
  }
  return { meter, registry }
}

/** Makes a metric of every entry, and finds it again by name. */
function created<Entry, Metric>(
  entries: Readonly<Record<string, Entry>>,
  create: (name: string, entry: Entry) => Metric,
): (name: string) => Metric {
  const metrics = new Map(Object.entries(entries).map(([name, entry]) => [name, create(name, entry)]))
  return (name) => {
    const metric = metrics.get(name)
    assert(metric !== undefined, `${name} is not in the catalogue`)
    return metric
  }
}

function addBuildInfo(registry: Registry, version: string): void {
  const help = 'Always 1; which sloburn and which Node this is stands in the labels.'
  const labelNames = ['version', 'node_version']
  const gauge = new Gauge({ name: 'sloburn_build_info', help, labelNames, registers: [registry] })
  gauge.set({ version, node_version: process.versions.node }, 1)
}
