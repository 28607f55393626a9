import { sender, sendRounds } from './ingest.ts'
import { encodedLabels, roundOf, rules, scrapeMs } from './ingest-stream.ts'
import { startOwn } from './ingest-subjects.ts'
import { machine } from './measure.ts'

/**
 * What a series costs in memory, after the same series have come a few times: one that an SLO uses, and one that none does.
 * Measured from outside (RSS) and from inside (heap and buffers after a collection), against a process that knows none.
 */
export async function benchIngestMemory(): Promise<void> {
  console.log(`memory of ${seriesCount} series after ${rounds} rounds, in bytes each\n${machine()}\n`)
  console.log('| series | heap and buffers | RSS | at most |')
  console.log('|---|---|---|---|')
  const none = await memoryOf(0, 'http_requests_total')
  for (const [name, metric, atMost] of kinds) {
    const some = await memoryOf(seriesCount, metric)
    const inUse = (some.inUse - none.inUse) / seriesCount
    const rss = (some.rss - none.rss) / seriesCount
    console.log(`| ${name} | ${inUse.toFixed(0)} | ${rss.toFixed(0)} | ${atMost} |`)
  }
}

const seriesCount = 200_000
const rounds = 12
const kinds = [
  ['an SLO uses it', 'http_requests_total', '300'],
  ['no SLO uses it', 'somebody_elses_total', 'near nothing'],
] as const

async function memoryOf(series: number, metric: string): Promise<{ readonly inUse: number; readonly rss: number }> {
  const startMs = Math.floor(Date.now() / scrapeMs - rounds) * scrapeMs
  const labels = encodedLabels(series, metric)
  const subject = await startOwn(rules(), ['--expose-gc'])
  try {
    const send = sender(subject)
    for (let round = 0; round < rounds; round++) {
      const bodies = roundOf({ series, order: 'as-last-time', startMs }, labels, round)
      await sendRounds([bodies], subject, send)
    }
    await subject.checkpoint()
    const { heapUsed, external, rss } = await subject.memory()
    return { inUse: heapUsed + external, rss }
  } finally {
    await subject.stop()
  }
}
