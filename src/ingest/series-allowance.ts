import { seriesKeyBytesPerSourceMax, seriesPerSourceMax } from '../core/model/limits.ts'

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
