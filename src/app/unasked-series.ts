import { formatLabels, type Labels, metricNameLabel } from '../core/model/labels.ts'
import { unaskedMetricsPerSourceMax } from '../core/model/limits.ts'
import type { Selector } from '../core/model/selector.ts'
import { printSelector } from '../core/sli/print-counters.ts'
import { passingOn, type SampleOrigin, type SampleSink, unwantedSeries } from '../ports/sample-sink.ts'

/** Why nothing of a source is counted although series come: no SLO asks for any of them. */
export interface UnaskedSeries {
  /**
   * For people, beside what the SLOs ask for, which is looked at only where more has come since; undefined while no series
   * came, and once one came that some SLO asks for.
   */
  unasked(asked: () => readonly Selector[]): string | undefined
}

/**
 * Passes samples on, and remembers one series of each metric as long as no SLO asks for any series of the source: an SLO whose
 * selector is beside the point looks like a source that is silent, and this is what tells them apart.
 */
export function watchUnasked(sink: SampleSink): SampleSink & UnaskedSeries {
  let generation = sink.generation
  let isAsked = false
  const examples = new Map<string, Labels>()
  let told: { readonly of: number; readonly text: string } | undefined
  const renew = () => {
    if (generation === sink.generation) return
    generation = sink.generation
    isAsked = false
    told = undefined
    examples.clear()
  }
  const note = (labels: Labels, isWanted: boolean) => {
    renew()
    if (isAsked) return
    if (isWanted) {
      isAsked = true
      examples.clear()
      return
    }
    const name = labels.get(metricNameLabel) ?? ''
    if (examples.size < unaskedMetricsPerSourceMax && !examples.has(name)) examples.set(name, labels)
  }
  return Object.assign(passingOn(sink), {
    resolve: (labels: Labels, origin: SampleOrigin) => {
      const ref = sink.resolve(labels, origin)
      note(labels, ref !== unwantedSeries)
      return ref
    },
    resolveHistogram: (labels: Labels, origin: SampleOrigin) => {
      const refs = sink.resolveHistogram(labels, origin)
      note(labels, refs !== undefined)
      return refs
    },
    unasked: (asked: () => readonly Selector[]) => {
      renew()
      const { size } = examples
      if (size === 0) return undefined
      if (told?.of !== size) told = { of: size, text: problemOf(examples, asked()) }
      return told.text
    },
  })
}

/** The metric's name is right most often, and a label is not, such as the job that a scrape gives to its series. */
function problemOf(examples: ReadonlyMap<string, Labels>, asked: readonly Selector[]): string {
  for (const selector of asked) {
    const name = selector.matchers.find(({ label, operator }) => label === metricNameLabel && operator === '=')?.value
    const example = name === undefined ? undefined : examples.get(name)
    if (example !== undefined) {
      return `no SLO asks for any of its series: it sends for example ${formatLabels(example)}, and ${printSelector(selector)} is asked for`
    }
  }
  const names = [...examples.keys()].slice(0, 3).join(', ')
  return `no SLO asks for any of its series: it sends ${names}${examples.size > 3 ? ' and others' : ''}`
}
