import type { Rational } from '../../core/model/rational.ts'
import type { AlertPolicy } from '../../core/model/slo.ts'
import type { DurationMs } from '../../core/model/units.ts'
import type { Finding } from '../../documents/problem-collector.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import type { SloDraft } from '../read-slo.ts'

/** What is known of the engine that is to run the rules. */
export interface LintOptions {
  /** How far back history is kept; as far as the engine keeps it when absent. */
  readonly retentionMs?: DurationMs
  /** How many events real data has, by SLO. */
  readonly seenTraffic?: ReadonlyMap<string, SeenTraffic>
  /** Time between evaluations; that of the engine's own default when absent. */
  readonly evaluationStepMs?: DurationMs
}

/** How many events an SLO had where there were fewest. */
export interface SeenTraffic {
  /** Events in a millisecond. */
  readonly perMs: Rational
  /** A region, or `global`. */
  readonly scope: string
  /** The labels of one group, empty where there are no groups. */
  readonly group: string
}

/** An SLO without a fault in itself, together with its policy. */
export interface LintedSlo {
  readonly draft: SloDraft
  readonly policy: AlertPolicy
  readonly document: SourceDocument
  readonly options: LintOptions
}

/** Looks for one kind of mistake that a right document can still hold. */
export type SloLint = (linted: LintedSlo) => readonly Finding[]

/** Where the one indicator of a document stands. */
export const indicatorPath = ['spec', 'indicator'] as const
