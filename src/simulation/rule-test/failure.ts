import type { Problem } from '../../core/model/problem.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { EpochMs } from '../../core/model/units.ts'

/** An expectation that was not met. */
export interface Failure {
  readonly problem: Problem
  /** What was expected and what came, line by line: `- ` expected, `+ ` came. */
  readonly difference: readonly string[]
  /** Where to look for the reason. */
  readonly focus: Focus | undefined
}

/** The alert rules of one SLO in one scope around some moments. */
export interface Focus {
  /** The SLO's id. */
  readonly slo: string
  readonly scope: string
  readonly severity: Severity | undefined
  readonly moments: readonly Moment[]
}

/** A time that the explanation of a failure marks. */
export interface Moment {
  readonly at: EpochMs
  /** One or two words: `expected`, `fired`. */
  readonly mark: string
}
