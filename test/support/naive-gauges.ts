import type { ThresholdIndicator } from '../../src/core/model/indicator.ts'

export type Combine = ThresholdIndicator['combine']
export const combinations: readonly Combine[] = ['max', 'min', 'mean', 'sum']

type Samples = readonly (readonly [at: number, value: number])[]

/** What gauges show together at a moment, asked one by one the slow way; undefined where nothing is known. */
export function naiveCombined(gauges: readonly Samples[], combine: Combine, moment: number): number | undefined {
  const known = gauges.map((samples) => naiveValue(samples, moment)).filter((value) => value !== undefined)
  if (known.length === 0) return undefined
  const sum = known.reduce((a, b) => a + b)
  const value = { max: Math.max(...known), min: Math.min(...known), mean: sum / known.length, sum }[combine]
  return Number.isNaN(value) ? undefined : value
}

/** The newest sample of one gauge, while it holds: 2.5 usual intervals, at least one minute and at most five. */
export function naiveValue(samples: Samples, moment: number): number | undefined {
  const past = samples.filter(([at]) => at <= moment)
  const newest = past.at(-1)
  if (newest === undefined || Number.isNaN(newest[1])) return undefined
  const intervals = [past.at(-2), past.at(-3)].flatMap((sample, index) => {
    return sample === undefined ? [] : [(past.at(-1 - index)?.[0] ?? 0) - sample[0]]
  })
  const usual = intervals.length === 0 ? 0 : Math.min(...intervals)
  const holdsFor = Math.min(300_000, Math.max(60_000, 2.5 * usual))
  return moment < newest[0] + holdsFor ? newest[1] : undefined
}
