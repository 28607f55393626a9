import type { Labels } from '../../core/model/labels.ts'
import { type Exemplar, passingOn, type SampleOrigin, type SampleSink } from '../../ports/sample-sink.ts'
import type { Relabelling } from './config.ts'
import { labellingId, normalizedLabels } from './normalize-labels.ts'

/** Gives every series its normalised labels when it is resolved, and only then. */
export function normalizingSink(sink: SampleSink, relabelling: Relabelling): SampleSink {
  const labelling = labellingId(relabelling)
  const origins = new WeakMap<SampleOrigin, SampleOrigin>()
  const labelled = (origin: SampleOrigin): SampleOrigin => {
    const known = origins.get(origin) ?? { ...origin, labelling }
    origins.set(origin, known)
    return known
  }
  return Object.assign(passingOn(sink), {
    resolve: (labels: Labels, origin: SampleOrigin) =>
      sink.resolve(normalizedLabels(labels, relabelling), labelled(origin)),
    resolveHistogram: (labels: Labels, origin: SampleOrigin) =>
      sink.resolveHistogram(normalizedLabels(labels, relabelling), labelled(origin)),
    noteExemplar: (labels: Labels, origin: SampleOrigin, exemplar: Exemplar) => {
      sink.noteExemplar(normalizedLabels(labels, relabelling), labelled(origin), exemplar)
    },
  })
}
