import type { QueryIndicator } from '../core/model/indicator.ts'
import type { EpochMs } from '../core/model/units.ts'

/** An SLO whose events are asked of the query API of each region. */
export interface Question {
  /** The SLO's id. */
  readonly slo: string
  readonly indicator: QueryIndicator
}

/** The events of (from, to] in one region, as its API answered. */
export interface Answer {
  readonly region: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly bad: number
  readonly total: number
}

/** Where answers to PromQL go. What is not answered is not known: there is no way to book that. */
export interface AnswerSink {
  /** What is to be asked, as the rules say now. */
  questions(): readonly Question[]
  /** Up to when answers are booked for an SLO in a region; undefined before the first. */
  answeredUntil(question: Question, region: string): EpochMs | undefined
  /**
   * Books an answer, its events spread evenly over its time. False when it was not: the rules no longer ask this, or an
   * answer for part of that time was booked before.
   */
  book(question: Question, answer: Answer): boolean
}
