import type { Refusal, SeriesDetailVisitor } from './series-visitor.ts'

/** Takes what a write request holds. */
export interface RemoteWriteVisitor extends SeriesDetailVisitor {
  /** The samples that follow belong to a series that cannot be taken. */
  refuse(refusal: Refusal): void
  /** A native histogram of the current series that cannot be counted. */
  histogramRefused(refusal: Refusal): void
}
