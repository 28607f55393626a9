import { type EvidenceSettings, standardEvidence } from '../../../src/core/model/evidence-settings.ts'
import type { DurationMs, Ratio } from '../../../src/core/model/units.ts'
import { formatDuration } from '../../../src/core/time/duration.ts'
import type { Content } from './slo-content.ts'

/** What a policy says of evidence: nothing where it is as usual, `off`, or what differs. */
export function evidenceContent(evidence: EvidenceSettings | undefined): Content | 'off' | undefined {
  if (evidence === undefined) return 'off'
  return changed(wholeContent(evidence), wholeContent(standardEvidence))
}

function wholeContent(evidence: EvidenceSettings): Content {
  const { clumps, dispersion, recovery, hold, dark } = evidence
  return {
    falseAlarmEvery: formatDuration(evidence.falseAlarmEveryMs),
    nullBurnRate: evidence.nullBurnRate,
    burnRates: evidence.burnRates,
    clumps: {
      needed: clumps.needed,
      belowFailures: clumps.belowFailures,
      length: clumps.lengthMs === 'auto' ? 'auto' : formatDuration(clumps.lengthMs),
      burstLength: formatDuration(clumps.burstMs),
      burstAbove: clumps.burstAbove,
    },
    dispersion: {
      block: formatDuration(dispersion.blockMs),
      prior: dispersion.prior,
      priorWeight: dispersion.priorWeight,
      perBlockMax: dispersion.perBlockMax,
      max: dispersion.max,
      skipAfter: formatDuration(dispersion.skipAfterMs),
      halvedEvery: formatDuration(dispersion.halvedEveryMs),
    },
    materiality: percent(evidence.materiality),
    recovery: { burnRate: recovery.burnRate, odds: recovery.odds },
    hold: {
      for: hold.forMs.map((ms: DurationMs) => formatDuration(ms)),
      againWithin: formatDuration(hold.againWithinMs),
    },
    dark:
      dark === null
        ? 'off'
        : { after: formatDuration(dark.afterMs), budget: percent(dark.budgetShare), events: dark.eventsMin },
    ticketOdds: evidence.ticketOdds,
  }
}

/** The keys that say something else; undefined where none does. */
function changed(content: Content, standard: Content): Content | undefined {
  const kept: [string, unknown][] = []
  for (const [key, value] of Object.entries(content)) {
    const usual = standard[key]
    if (JSON.stringify(value) === JSON.stringify(usual)) continue
    kept.push([key, isMapping(value) && isMapping(usual) ? changed(value, usual) : value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

function isMapping(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Doubles such as 0.07 × 100 are printed without their rounding. */
function percent(share: Ratio): string {
  return `${Number((share * 100).toPrecision(12))}%`
}
