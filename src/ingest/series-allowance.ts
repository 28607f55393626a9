import { seriesKeyBytesPerSourceMax, seriesPerSourceMax } from '../core/model/limits.ts'
import type { Refusal } from './wire/series-visitor.ts'

/** A series that its source may not have any more. */
export const tooManySeries: Refusal = {
  reason: 'series_limit',
  detail: `more than ${seriesPerSourceMax} series, or names too long to keep that many`,
}

/** What one source may still cost; shared by all targets of the source. */
export interface SeriesAllowance {
  seriesLeft: number
  keyBytesLeft: number
  /** How many of the series an SLO uses. */
  wanted: number
}

/** The full allowance of a source. */
export function seriesAllowance(): SeriesAllowance {
  return { seriesLeft: seriesPerSourceMax, keyBytesLeft: seriesKeyBytesPerSourceMax, wanted: 0 }
}
