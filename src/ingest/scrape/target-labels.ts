import { type Labels, labelsOf } from '../../core/model/labels.ts'
import type { KeyDecoder } from '../sample-writer.ts'
import { expositionLabels } from '../wire/exposition-labels.ts'
import { isRefusal } from '../wire/label-collector.ts'

/**
 * Decodes keys of one target's page and adds the labels that only the scraper knows, job and instance first of all. With
 * `honorLabels` the page's own win, as for a page that speaks of other processes.
 */
export function targetLabels(own: Labels, honorLabels: boolean): KeyDecoder {
  return (bytes, start, end) => {
    const labels = expositionLabels(bytes, start, end)
    if (isRefusal(labels)) return labels
    return honorLabels ? labelsOf(new Map([...own, ...labels])) : withOwnLabels(labels, own)
  }
}

/** A label that the page gives under a name of ours is kept as `exported_…`, as Prometheus does. */
function withOwnLabels(labels: Labels, own: Labels): Labels {
  const all = new Map(own)
  for (const [name, value] of labels) if (!own.has(name)) all.set(name, value)
  for (const name of own.keys()) {
    const value = labels.get(name)
    if (value === undefined) continue
    let exported = `exported_${name}`
    while (all.has(exported)) exported = `exported_${exported}`
    all.set(exported, value)
  }
  return labelsOf(all)
}
