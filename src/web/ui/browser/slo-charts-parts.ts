import type { Chart } from './chart.ts'
import type { SpanParts } from './chart-spans.ts'

/** What the charts of one SLO are drawn of. */
export interface SloChartsParts extends SpanParts {
  /** Whether the whole SLO window is shown, and so what is to come of it. */
  readonly isWhole: boolean
  /** The bound of a latency SLO; null for others. */
  readonly below: string | null
  readonly isLog: boolean
  readonly cross: number | undefined
  readonly look: (index: number | undefined) => void
  readonly redraw: () => void
}

/** What all charts of one SLO have in common. */
export type ChartFrame = Pick<Chart, 'times' | 'cross' | 'look' | 'spans'>
