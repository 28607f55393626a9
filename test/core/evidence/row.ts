import { column, EvidenceTable, rowsTogether } from '../../../src/core/evidence/evidence-table.ts'
import { type EvidenceTerms, evidenceTerms } from '../../../src/core/evidence/evidence-terms.ts'
import { type Clumping, stepEvidence } from '../../../src/core/evidence/step-evidence.ts'
import { type EvidenceSettings, standardEvidence } from '../../../src/core/model/evidence-settings.ts'

export const stepMs = 15_000

/** The terms of 99.9 % in six scopes at 15 s, but for what is chosen otherwise. */
export function terms(budget = 0.001, scopes = 6, changes: Partial<EvidenceSettings> = {}): EvidenceTerms {
  return evidenceTerms({ ...standardEvidence, ...changes }, budget, stepMs, scopes)
}

export const eachStep: Clumping = { worth: 1, lengthMs: stepMs }

/** One row, stepped from a moment on. */
export class Row {
  readonly table = new EvidenceTable()
  readonly base = this.table.add()
  readonly terms: EvidenceTerms
  at = 1_767_225_600_000

  constructor(terms_ = terms()) {
    this.terms = terms_
  }

  step(good: number, bad: number, clumping = eachStep, clumped = false): void {
    this.at += stepMs
    stepEvidence(this.table, this.base, this.terms, this.at, stepMs, good, bad, clumping, clumped)
  }

  cell(place: number): number {
    return this.table.cells[this.base + place]
  }

  /** Evidence per burn rate weighed. */
  get evidence(): number[] {
    return Array.from(this.terms.perBad, (_, index) => this.cell(column.evidence + index * rowsTogether))
  }
}
