import type { EvidenceSettings } from '../model/evidence-settings.ts'
import type { DurationMs, Ratio } from '../model/units.ts'

/** What one step of evidence needs beyond the counts: made once per objective and number of scopes. */
export interface EvidenceTerms {
  /** Per error ratio weighed: what one bad event adds, ln(pⱼ ÷ p₀). */
  readonly perBad: Float64Array
  /** Per error ratio weighed: what one good event adds, ln((1 − pⱼ) ÷ (1 − p₀)); below zero. */
  readonly perGood: Float64Array
  /** Evidence at which chance is ruled out: ln(steps between false alarms × scopes × error ratios weighed). */
  readonly needed: number
  /** Evidence is not kept beyond this, so that it fades soon after the failures end. */
  readonly max: number
  /** The most that one clump of failures adds. */
  readonly clumpRoom: number
  /** The same two for recovery: what speaks for being well again. */
  readonly recoveryPerGood: number
  readonly recoveryPerBad: number
  readonly recoveryNeeded: number
  /** The error ratio up to which failures are no evidence. */
  readonly nullRatio: Ratio
}

/** Error ratios beyond this are not weighed: a few good events among failures must not speak against the failures. */
const weighedRatioMax = 0.7

/** Evidence beyond what is needed, in natural logarithms: an alarm is given at most e² times what it needs. */
const evidenceBeyond = 2

/** Prepares the weighing of evidence for an error budget, evaluated every `stepMs` in so many scopes. */
export function evidenceTerms(
  settings: EvidenceSettings,
  budget: Ratio,
  stepMs: DurationMs,
  scopes: number,
): EvidenceTerms {
  const { falseAlarmEveryMs, nullBurnRate, burnRates, clumps, recovery } = settings
  const nullRatio = below(nullBurnRate, budget)
  const ratioMax = Math.max(weighedRatioMax, (1 + nullRatio) / 2)
  const weighed = [...new Set(burnRates.map((burn) => Math.min(burn * budget, ratioMax)))]
  const ratios = weighed.filter((ratio) => ratio > nullRatio)
  if (ratios.length === 0) ratios.push(ratioMax)
  const needed = Math.log((falseAlarmEveryMs / stepMs) * Math.max(1, scopes)) + Math.log(ratios.length)
  const recovered = below(recovery.burnRate, budget)
  return {
    perBad: Float64Array.from(ratios, (ratio) => Math.log(ratio / nullRatio)),
    perGood: Float64Array.from(ratios, (ratio) => Math.log((1 - ratio) / (1 - nullRatio))),
    needed,
    max: needed + evidenceBeyond,
    clumpRoom: needed / clumps.needed,
    recoveryPerGood: Math.log((1 - budget) / (1 - recovered)),
    recoveryPerBad: Math.log(budget / recovered),
    recoveryNeeded: Math.log(recovery.odds),
    nullRatio,
  }
}

/** The error ratio at a burn rate, kept below 1 where objectives are low. */
function below(burn: number, budget: Ratio): Ratio {
  return Math.min(burn * budget, (1 + budget) / 2)
}
