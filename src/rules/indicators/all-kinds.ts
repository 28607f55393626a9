import { composite } from './composite.ts'
import { expression } from './expression.ts'
import type { IndicatorKind } from './indicator-kind.ts'
import { latency } from './latency.ts'
import { query } from './query.ts'
import { ratio } from './ratio.ts'
import { threshold } from './threshold.ts'
import { timeSlices } from './time-slices.ts'

/**
 * Every kind of indicator by its key in a file. An indicator is written as the first kind that can say it: a latency is a
 * ratio as well, and a ratio an expression.
 */
export const indicatorKinds = {
  latency,
  ratio,
  threshold,
  expression,
  timeSlices,
  composite,
  query,
} as const satisfies Readonly<Record<string, IndicatorKind>>
