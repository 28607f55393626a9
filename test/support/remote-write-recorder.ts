import { formatLabels } from '../../src/core/model/labels.ts'
import { isRefusal } from '../../src/ingest/wire/label-collector.ts'
import { remoteWriteLabels } from '../../src/ingest/wire/remote-write-labels.ts'
import type { RemoteWriteVisitor } from '../../src/ingest/wire/remote-write-visitor.ts'
import type { HistogramSample, Refusal } from '../../src/ingest/wire/series-visitor.ts'
import type { Exemplar } from '../../src/ports/sample-sink.ts'

/** One series as a decoder told of it: its labels printed, or why it was refused. */
export interface ToldSeries {
  readonly series: string
  readonly samples: { readonly timeMs: number; readonly value: number; readonly stale: boolean; startMs?: number }[]
  readonly histograms: (HistogramSample | Refusal)[]
  readonly exemplars: Exemplar[]
}

/** Notes everything a decoder tells. */
export function remoteWriteRecorder(): RemoteWriteVisitor & { readonly told: ToldSeries[] } {
  const told: ToldSeries[] = []
  const begin = (series: string): undefined => {
    told.push({ series, samples: [], histograms: [], exemplars: [] })
  }
  return {
    told,
    expected: () => 0,
    takeExpected: () => {},
    series: (bytes, start, end) => {
      const labels = remoteWriteLabels(bytes, start, end)
      return begin(isRefusal(labels) ? labels.reason : formatLabels(labels))
    },
    refuse: ({ reason, detail }) => begin(`${reason}: ${detail}`),
    sample: (timeMs, value, stale, startMs = Number.NaN) => {
      const start = Number.isNaN(startMs) ? {} : { startMs }
      told.at(-1)?.samples.push({ timeMs, value, stale, ...start })
    },
    histogram: (sample) => void told.at(-1)?.histograms.push(sample),
    histogramRefused: (refusal) => void told.at(-1)?.histograms.push(refusal),
    exemplar: (exemplar) => void told.at(-1)?.exemplars.push(exemplar),
  }
}
