import type { Dispersion } from '../core/evidence/dispersion.ts'
import type { EvidenceTable } from '../core/evidence/evidence-table.ts'
import type { EvidenceTerms } from '../core/evidence/evidence-terms.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { CompiledEvidence } from './compiled-evidence.ts'
import type { Trial } from './trial.ts'

/** The evidence of one SLO: a row per scope, and how its failures clump. */
export interface SloEvidence {
  /** Where its dispersion stands, and of no other SLO that is there at the same time. */
  readonly number: number
  /** Equal for SLOs that count the same thing. */
  readonly signals: string
  readonly rows: Map<string, number>
  readonly dispersion: Dispersion
  readonly trial: Trial
}

/** The weighed evidence of one SLO in one scope at a step. */
export interface Weighed {
  readonly table: EvidenceTable
  readonly base: number
  readonly slo: SloEvidence
  readonly terms: EvidenceTerms
  readonly evidence: CompiledEvidence
  readonly stepMs: DurationMs
}
