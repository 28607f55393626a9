import type { Labels } from '../core/model/labels.ts'
import { noAppends, type SampleSink, unwantedSeries } from '../ports/sample-sink.ts'
import { type HistoryWatch, readHistory } from './backtest/read-history.ts'

/** The series in OpenMetrics files that are wanted, by their labels. Rejects when a file cannot be read. */
export async function seenSeries(
  files: readonly string[],
  isWanted: (labels: Labels) => boolean,
  onProblem: HistoryWatch['onProblem'],
): Promise<readonly Labels[]> {
  const seen: Labels[] = []
  const resolve = (labels: Labels): number => {
    if (isWanted(labels)) seen.push(labels)
    return unwantedSeries
  }
  const sink: SampleSink = {
    generation: 1,
    resolve,
    resolveHistogram: () => undefined,
    append: noAppends,
    appendDeltas: noAppends,
    noteUncertain: () => {},
    noteExemplar: () => {},
  }
  await readHistory(files, sink, { onProblem, onProgress: () => {} })
  return seen
}
