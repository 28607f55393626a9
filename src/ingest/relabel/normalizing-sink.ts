import type { SampleOrigin, SampleSink } from '../../ports/sample-sink.ts'
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
  return {
    get generation() {
      return sink.generation
    },
    resolve: (labels, origin) => sink.resolve(normalizedLabels(labels, relabelling), labelled(origin)),
    resolveHistogram: (labels, origin) =>
      sink.resolveHistogram(normalizedLabels(labels, relabelling), labelled(origin)),
    append: (batch) => sink.append(batch),
    appendDeltas: (batch) => sink.appendDeltas(batch),
    noteUncertain: (bucket, uncertain, total) => sink.noteUncertain(bucket, uncertain, total),
    noteExemplar: (labels, origin, exemplar) => {
      sink.noteExemplar(normalizedLabels(labels, relabelling), labelled(origin), exemplar)
    },
  }
}
