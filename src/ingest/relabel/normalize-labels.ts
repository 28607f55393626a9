import { type Labels, labelsOf } from '../../core/model/labels.ts'
import type { Relabelling } from './config.ts'

/** Labels with the normalised ones; the same object where there is nothing to add. */
export function normalizedLabels(labels: Labels, { table, added }: Relabelling): Labels {
  const more: [string, string][] = []
  for (const [name, value] of added) if (!labels.has(name)) more.push([name, value])
  for (const [name, sources] of table) {
    if (labels.has(name) || added.has(name)) continue
    const source = sources.find((label) => labels.has(label))
    if (source === undefined) continue
    const value = labels.get(source) ?? ''
    more.push([name, source === 'job' ? withoutNamespace(value) : value])
  }
  return more.length === 0 ? labels : labelsOf([...labels, ...more])
}

/**
 * Other labels make other series of the same counters. What they counted before is not new, so their targets must not pass
 * for known: each way of labelling has targets of its own.
 */
export function labellingId({ table, added }: Relabelling): string {
  const text = JSON.stringify([[...table], [...added]])
  let hash = 0x811c_9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193)
  return (hash >>> 0).toString(36)
}

/** OpenTelemetry and the Prometheus operator write `namespace/name` into the job. */
function withoutNamespace(job: string): string {
  return job.slice(job.lastIndexOf('/') + 1) || job
}
