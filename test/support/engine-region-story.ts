import * as fc from 'fast-check'
import type { Episode } from '../../src/core/model/alert.ts'
import { alertKey } from '../../src/core/model/alert.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { anSlo, aRule, counters } from './engine-slo.ts'
import type { MadeSample } from './engine-world.ts'

export const storyStart = Date.UTC(2026, 0, 1)
export const stepMs = 15_000
const minute = 60_000

/** Rules short enough that a story of two hours fires and resolves them several times. */
const quickRules = [
  aRule('page', 60 * minute, 5 * minute, '14.4'),
  aRule('page', 30 * minute, minute, '6'),
  aRule('ticket', 60 * minute, 10 * minute, '3'),
]

/** Two SLOs over the same total: one whose counters are always there, one whose error series come and go. */
export const storySlos: readonly Slo[] = [
  anSlo({ name: 'steady', rules: quickRules, windowDays: 1 }),
  anSlo({ name: 'fleeting', rules: quickRules, windowDays: 1, bad: counters('fleeting'), keepFiringForMs: 3 * minute }),
]

/** A stretch of time in which a share of the requests of one region fails. */
interface Burst {
  readonly region: number
  readonly fromStep: number
  readonly steps: number
  readonly percent: number
}

export interface RegionStory {
  readonly regions: number
  readonly steps: number
  readonly bursts: readonly Burst[]
  /** Steps at which the process of a region starts again from zero. */
  readonly restarts: readonly { readonly region: number; readonly step: number }[]
}

/** Two hours of up to three regions, quiet for the first quarter of an hour. */
export const regionStories: fc.Arbitrary<RegionStory> = fc.record({
  regions: fc.integer({ min: 1, max: 3 }),
  steps: fc.constant(480),
  bursts: fc.array(
    fc.record({
      region: fc.nat(2),
      fromStep: fc.integer({ min: 60, max: 440 }),
      steps: fc.integer({ min: 1, max: 80 }),
      percent: fc.constantFrom(1, 2, 5, 20, 100),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  restarts: fc.array(fc.record({ region: fc.nat(2), step: fc.integer({ min: 60, max: 470 }) }), { maxLength: 3 }),
})

export function regionName(region: number): string {
  return ['eu', 'us', 'ap'][region]
}

/** All samples of a region, in order of time: three series each step, the fleeting one only around errors. */
export function samplesOf(story: RegionStory, region: number): MadeSample[] {
  const samples: MadeSample[] = []
  let total = 0
  let bad = 0
  let fleeting = 0
  for (let step = 0; step <= story.steps; step++) {
    if (story.restarts.some((restart) => restart.region === region && restart.step === step))
      [total, bad, fleeting] = [0, 0, 0]
    const percent = percentAt(story, region, step)
    total += 100
    bad += percent
    fleeting = isFleetingThere(story, region, step) ? fleeting + percent : 0
    samples.push(sample('total', region, step, total), sample('bad', region, step, bad))
    if (isFleetingThere(story, region, step)) samples.push(sample('fleeting', region, step, fleeting))
  }
  return samples
}

/** Episodes as lines, in an order of their own, for comparison. */
export function linesOf(episodes: readonly Episode[]): string[] {
  return episodes
    .map(({ id, firedAt, resolvedAt, rule }) =>
      JSON.stringify([alertKey(id), firedAt - storyStart, (resolvedAt ?? storyStart) - storyStart, rule]),
    )
    .sort()
}

function percentAt({ bursts }: RegionStory, region: number, step: number): number {
  const burning = bursts.filter(
    (burst) => burst.region === region && step >= burst.fromStep && step < burst.fromStep + burst.steps,
  )
  return burning.reduce((max, { percent }) => Math.max(max, percent), 0)
}

/** In stretches of two and a half minutes: a series that misses a scrape or two is jitter, and its hole not known at once. */
function isFleetingThere({ bursts }: RegionStory, region: number, step: number): boolean {
  const stretch = Math.floor(step / 10)
  return bursts.some((burst) => {
    const isWithin =
      Math.floor(burst.fromStep / 10) <= stretch && stretch <= Math.floor((burst.fromStep + burst.steps) / 10)
    return burst.region === region && isWithin
  })
}

function sample(metric: string, region: number, step: number, value: number): MadeSample {
  const labels = { __name__: metric, region: regionName(region), job: 'shop', instance: `${regionName(region)}-1` }
  return { labels, time: storyStart + step * stepMs, value }
}
