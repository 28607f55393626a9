import { type Chance, chance } from '../../bench/quality/chance.ts'
import { type EvidenceSettings, standardEvidence } from '../../src/core/model/evidence-settings.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { dayMs } from '../../src/core/model/units.ts'
import { type SampleSink, sampleBatch } from '../../src/ports/sample-sink.ts'
import { anSlo, type SloChoices } from './engine-slo.ts'
import type { TickCounts } from './evidence-oracle.ts'

/** Ticks of these worlds; their first is at a full hour. */
export const tickMs = 15_000
export const worldStart = 1_767_225_600_000

/** The constants that the fixtures of other simulations were made with. */
export const referenceEvidence: EvidenceSettings = {
  ...standardEvidence,
  falseAlarmEveryMs: 365 * dayMs,
  clumps: { ...standardEvidence.clumps, belowFailures: 30 },
}

/** An SLO under the rules of the policy `standard`. */
export function aStandardSlo(choices: SloChoices = {}, evidence: EvidenceSettings = standardEvidence): Slo {
  const slo = anSlo(choices)
  return { ...slo, alerting: { ...slo.alerting, policy: { ...slo.alerting.policy, evidence } } }
}

/** What is wrong in these worlds from one tick to another. */
export interface Trouble {
  readonly region: number
  readonly from: number
  readonly to: number
  readonly failing: number
  /** Of every `of` ticks, only the first `during` fail. */
  readonly during?: number
  readonly of?: number
}

/** Events of three regions, each a fifth of the one before, with bursts of one client and what is wrong besides. */
export function drawCounts(name: string, ticks: number, perTick: number, troubles: readonly Trouble[]): TickCounts {
  const drawn: Chance = chance(name)
  const means = [perTick, perTick / 5, perTick / 25]
  const total = means.map((mean) => Array.from({ length: ticks }, () => drawn.poisson(mean)))
  const bad = total.map((counts, region) =>
    counts.map((count, tick) => {
      const failing = troubles
        .filter((each) => each.region === region && tick >= each.from && tick < each.to)
        .filter(({ from, during = 1, of = 1 }) => (tick - from) % of < during)
      return drawn.binomial(count, Math.max(0.000_3, ...failing.map((each) => each.failing)))
    }),
  )
  for (let burst = 0; burst < ticks / 1_500; burst++) {
    const region = drawn.index(3)
    const tick = drawn.index(ticks)
    const failures = drawn.geometric(4)
    total[region][tick] += failures
    bad[region][tick] += failures
  }
  return { total, bad }
}

/** Appends the counters of one tick in every region, or in one; before tick 0 they stand at zero. */
export function tickFeed(sink: SampleSink, { total, bad }: TickCounts, only?: number): (tick: number) => void {
  const origin = { source: 'world', region: undefined }
  const feeds = total.map((_, region) => {
    const refs = ['bad', 'total'].map((metric) =>
      sink.resolve(
        labelsOf([
          ['__name__', metric],
          ['region', `r${region}`],
        ] as const),
        origin,
      ),
    )
    const batch = sampleBatch(2)
    batch.length = 2
    batch.refs.set(refs)
    return { batch, sums: cumulative(bad[region]), totals: cumulative(total[region]) }
  })
  return (tick) => {
    for (const [region, { batch, sums, totals }] of feeds.entries()) {
      if (only !== undefined && region !== only) continue
      batch.timesMs.fill(worldStart + (tick + 1) * tickMs)
      batch.values.set([sums[tick + 1], totals[tick + 1]])
      sink.append(batch)
    }
  }
}

/** The tick whose events are the last that a decision at this time has seen. */
export function tickOf(at: number): number {
  return (at - worldStart) / tickMs - 1
}

function cumulative(counts: readonly number[]): readonly number[] {
  const sums = [0]
  for (const count of counts) sums.push(sums[sums.length - 1] + count)
  return sums
}
