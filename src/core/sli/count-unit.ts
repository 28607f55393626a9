import type { Indicator } from '../model/indicator.ts'
import { secondMs } from '../model/units.ts'

/** What one event of an SLO is; `points` are weighed ratios, whose number means nothing by itself. */
export interface CountUnit {
  readonly unit: 'events' | 'milliseconds' | 'slices' | 'points'
  /** How long one lasts where time is judged; null for all others. */
  readonly secondsEach: number | null
}

/** What the counts of an indicator count. */
export function countUnit(indicator: Indicator): CountUnit {
  if (indicator.kind === 'threshold') return { unit: 'milliseconds', secondsEach: 1 / secondMs }
  if (indicator.kind === 'slices') return { unit: 'slices', secondsEach: indicator.sliceMs / secondMs }
  const isPoints = indicator.kind === 'composite' || (indicator.kind === 'query' && indicator.given === 'error-ratio')
  return { unit: isPoints ? 'points' : 'events', secondsEach: null }
}
