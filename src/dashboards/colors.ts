import type { Step, Word } from './dashboard.ts'

/**
 * Colours that people with any kind of colour vision tell apart, by Okabe and Ito (https://jfly.uni-koeln.de/color/); no state is
 * told by its colour alone.
 */
export const colors = {
  good: '#009E73',
  watch: '#E69F00',
  bad: '#D55E00',
  worst: '#882255',
  unknown: '#999999',
  info: '#0072B2',
  other: '#CC79A7',
} as const

/** Budget that is left, as a fraction: a quarter is where budget policies usually begin to act. */
export const budgetSteps: readonly Step[] = [
  { from: null, color: colors.worst },
  { from: 0, color: colors.bad },
  { from: 0.25, color: colors.watch },
  { from: 0.5, color: colors.good },
]

/** Seconds by which data may lag: Prometheus itself gives up on a series after five minutes. */
export const ageSteps: readonly Step[] = [
  { from: null, color: colors.good },
  { from: 60, color: colors.watch },
  { from: 300, color: colors.bad },
]

/** Something of which there should be none. */
export const noneSteps: readonly Step[] = [
  { from: null, color: colors.good },
  { from: 1, color: colors.bad },
]

/** A share that should be whole. */
export const wholeSteps: readonly Step[] = [
  { from: null, color: colors.bad },
  { from: 0.9, color: colors.watch },
  { from: 0.99, color: colors.good },
]

/** A share of something that should not run full. */
export const fullSteps: readonly Step[] = [
  { from: null, color: colors.good },
  { from: 0.8, color: colors.watch },
  { from: 0.95, color: colors.bad },
]

/** The alert condition of an SLO, as `conditionOf` in slo-series.ts numbers it. */
export const conditionWords: readonly Word[] = [
  { value: 0, text: 'OK', color: colors.good },
  { value: 1, text: 'AT RISK', color: colors.watch },
  { value: 2, text: 'EXHAUSTED', color: colors.worst },
  { value: 3, text: 'BURNING', color: colors.bad },
  { value: 4, text: 'NO DATA', color: colors.unknown },
]

/** Steps without a meaning: nothing is good or bad about the value. */
export const plainSteps: readonly Step[] = [{ from: null, color: colors.info }]
