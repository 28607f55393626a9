import type { AlertPolicy } from '../../core/model/slo.ts'
import type { DurationMs } from '../../core/model/units.ts'
import type { Finding } from '../problem-collector.ts'
import type { SloDraft } from '../read-slo.ts'
import type { SourceDocument } from '../source-document.ts'

/** What is known of the engine that is to run the rules. */
export interface LintOptions {
  /** How far back history is kept; not checked when absent. */
  readonly retentionMs?: DurationMs
  /** Time between evaluations; that of the engine's own default when absent. */
  readonly evaluationStepMs?: DurationMs
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
