import { fork } from 'node:child_process'
import { once } from 'node:events'
import { comparePeer } from './evaluate-peer.ts'
import type { ScaleFigures, ScaleOrder } from './evaluate-scale.ts'
import { machine, median } from './measure.ts'

/**
 * What evaluation costs, by the number of SLO-regions: the whole engine of production with SLOs of busy, middling and quiet
 * services in three regions and their global scope, 30 days of history, four rules with eight windows each.
 *
 * Words choose: `small` without the largest size, `large` it alone, `plain` or `evidence` one policy, `own` all but Prometheus,
 * `peer` that alone, `few` with a quarter of its cycles, `ticks` no checkpoint and no restart.
 */
export async function benchEvaluate(words: readonly string[]): Promise<void> {
  console.log(`${machine()}; CPU milliseconds of whole ticks of 15 s\n`)
  if (!words.includes('peer')) await benchScale(words)
  if (!words.some((word) => ['own', 'small', 'large', 'plain', 'evidence', 'ticks'].includes(word)))
    await benchPeer(words)
}

const floors = { plain: 10, evidence: 30, bytes: 20_000, checkpointMs: 50, restartMs: 10_000 }

async function benchScale(words: readonly string[]): Promise<void> {
  const largest = 100_000
  const sizes = words.includes('large')
    ? [largest]
    : words.includes('small')
      ? [1_000, 10_000]
      : [1_000, 10_000, largest]
  console.log(
    '| SLO-regions | policy | burning | tick p50 | p95 | at most | holds | µs of p50 per SLO-region | µs a sample | bytes per SLO-region |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|---|')
  const perSloRegion = new Map<string, readonly number[]>()
  for (const sloRegions of sizes) {
    for (const [policy, burning] of [
      ['workbook', 0],
      ['standard', 0],
      ['standard', 0.01],
    ] as const) {
      if (words.includes('plain') && policy !== 'workbook') continue
      if (words.includes('evidence') && (policy !== 'standard' || burning > 0)) continue
      const isLargest = sloRegions === largest
      const durable = isLargest && policy === 'standard' && burning === 0 && !words.includes('ticks')
      const figures = await inProcess({ sloRegions, policy, burning, steps: 120, durable })
      const floor = policy === 'workbook' ? floors.plain : floors.evidence
      const p95 = quantile(figures.ticksMs, 0.95)
      const promise = isLargest && burning === 0 ? [floor, p95 <= floor ? 'yes' : 'no'] : ['–', '–']
      const p50 = median(figures.ticksMs)
      const cells = [sloRegions, policy, `${100 * burning} %`, p50.toFixed(1), p95.toFixed(1)]
      const grown = perSloRegion.get(`${policy} ${burning}`) ?? []
      perSloRegion.set(`${policy} ${burning}`, [...grown, (1e3 * p50) / sloRegions])
      cells.push(
        ...promise,
        ((1e3 * p50) / sloRegions).toFixed(2),
        figures.appendUs.toFixed(2),
        figures.bytesPerSloRegion.toFixed(0),
      )
      console.log(`| ${cells.join(' | ')} |`)
      if (figures.durable !== null) console.log(JSON.stringify(figures.durable))
    }
  }
  if (sizes.length === 1) return
  console.log(
    `\nGrowth from ${sizes[0]} to ${sizes.at(-1)} SLO-regions: how many times as much each of them costs; 1 is linear`,
  )
  for (const [world, each] of perSloRegion) console.log(`${world}: ${((each.at(-1) ?? 0) / each[0]).toFixed(2)}`)
}

/** With `few`, one cycle of Prometheus instead of four: each takes it some twelve seconds of CPU. */
async function benchPeer(words: readonly string[]): Promise<void> {
  const slos = 100
  const figures = await comparePeer(slos, words.includes('few') ? 1 : 4)
  if (figures === undefined) return
  const ratio = figures.prometheusMs / figures.ownMs
  console.log(`\n${slos} SLOs × 3 regions with full history, CPU milliseconds per SLO and 30 s`)
  console.log('| Prometheus, Sloth rules without ingest | sloburn with ingest | times less | at least | holds |')
  console.log('|---|---|---|---|---|')
  const cells = [figures.prometheusMs.toFixed(1), figures.ownMs.toFixed(4), ratio.toFixed(0), 1_000]
  console.log(`| ${cells.join(' | ')} | ${ratio >= 1_000 ? 'yes' : 'no'} |`)
}

async function inProcess(order: ScaleOrder): Promise<ScaleFigures> {
  const child = fork(new URL('evaluate-scale.ts', import.meta.url), {
    execArgv: ['--expose-gc', '--max-old-space-size=12288'],
  })
  child.send(order)
  const [figures] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])])
  if (figures === undefined) throw new Error('the measuring process ended')
  return figures
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
}
