import { type EvidenceTerms, evidenceTerms } from '../core/evidence/evidence-terms.ts'
import type { EvidenceSettings } from '../core/model/evidence-settings.ts'
import type { Slo } from '../core/model/slo.ts'
import type { DurationMs, Ratio } from '../core/model/units.ts'

/** How evidence is weighed for one SLO under one objective. */
export interface CompiledEvidence {
  readonly settings: EvidenceSettings
  /** Prepared for so many scopes; the answer for the last number asked is kept. */
  terms(stepMs: DurationMs, scopes: number): EvidenceTerms
}

/** Prepares an SLO's evidence; undefined where its policy is the plain rule. */
export function compileEvidence({ alerting }: Slo, budget: Ratio): CompiledEvidence | undefined {
  const settings = alerting.policy.evidence
  if (settings === undefined) return undefined
  let made: { readonly stepMs: DurationMs; readonly scopes: number; readonly terms: EvidenceTerms } | undefined
  return {
    settings,
    terms: (stepMs, scopes) => {
      if (made?.stepMs !== stepMs || made.scopes !== scopes) {
        made = { stepMs, scopes, terms: evidenceTerms(settings, budget, stepMs, scopes) }
      }
      return made.terms
    },
  }
}
