import { seenSeries } from '../app/seen-series.ts'
import { seenTraffic } from '../app/seen-traffic.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Slo } from '../core/model/slo.ts'
import type { SeenTraffic } from '../rules/lints/slo-lint.ts'
import { missingBuckets, wantedBuckets } from '../rules/missing-buckets.ts'
import type { Io } from './io.ts'

/** What only real series show of SLOs. */
export interface DataCheck {
  readonly problems: readonly Problem[]
  readonly seenTraffic: ReadonlyMap<string, SeenTraffic>
}

/** Looks at what only real series show of SLOs; lines of the data that cannot be read are counted on stderr. */
export async function checkData(
  slos: readonly Slo[],
  files: readonly string[],
  { stderr }: Pick<Io, 'stderr'>,
): Promise<DataCheck> {
  const unread: string[] = []
  const series = await seenSeries(files, wantedBuckets(slos), (file, { line, detail }) => {
    unread.push(`${file}:${line}: ${detail}`)
  })
  if (unread.length > 0) {
    stderr.write(`sloburn check: ${unread.length} lines of the data cannot be read, the first is ${unread[0]}\n`)
  }
  return { problems: missingBuckets(slos, series), seenTraffic: await seenTraffic(slos, files, () => {}) }
}
