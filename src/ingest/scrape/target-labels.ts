import { type Labels, labelsOf } from '../../core/model/labels.ts'
import type { KeyDecoder } from '../sample-writer.ts'
import { expositionLabels } from '../wire/exposition-labels.ts'
import { isRefusal } from '../wire/label-collector.ts'

/** Decodes keys of one target's page and adds what only the scraper knows: which job and instance it is. */
export function targetLabels(job: string, instance: string): KeyDecoder {
  const own = new Map([
    ['job', job],
    ['instance', instance],
  ])
  return (bytes, start, end) => {
    const labels = expositionLabels(bytes, start, end)
    return isRefusal(labels) ? labels : withOwnLabels(labels, own)
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
