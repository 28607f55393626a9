import { type BurnRate, type DurationMs, dayMs, hourMs, minuteMs, type Ratio } from './units.ts'

/**
 * Every constant of the evidence-gated rule. Burn rates scale with the objective by themselves; docs/evidence.md says
 * what each of them does and what was measured.
 */
export interface EvidenceSettings {
  /** How often chance alone may look like evidence, over all scopes of an SLO, while it burns at most at `nullBurnRate`. */
  readonly falseAlarmEveryMs: DurationMs
  /** A burn rate up to which failures are no evidence of anything. */
  readonly nullBurnRate: BurnRate
  /** The burn rates that evidence is weighed for. */
  readonly burnRates: readonly BurnRate[]
  readonly clumps: ClumpSettings
  readonly dispersion: DispersionSettings
  /** The share of a rule's budget that must be gone in events before the rule matters. */
  readonly materiality: Ratio
  readonly recovery: RecoverySettings
  readonly hold: HoldSettings
  /** Pages for regions that went dark; null for none. */
  readonly dark: DarkSettings | null
  /** How much likelier the failures must be at their own error ratio than at the objective for a ticket. */
  readonly ticketOdds: number
}

/** Failures of one client come in clumps, each of which is one piece of evidence. */
export interface ClumpSettings {
  /** How many clumps must at least contribute; a clump adds at most one part of so many of the evidence needed. */
  readonly needed: number
  /** Scopes in which the rule with the shortest long window is reached by fewer failures than this must see clumps. */
  readonly belowFailures: number
  /** What lies within this time is one clump; `auto` takes one step, and `burstMs` where failures come in bursts. */
  readonly lengthMs: DurationMs | 'auto'
  readonly burstMs: DurationMs
  /** The dispersion above which failures come in bursts. */
  readonly burstAbove: number
}

/** How the burstiness of failures is learned: variance over mean of the steps with failures per block. */
export interface DispersionSettings {
  readonly blockMs: DurationMs
  /** What is taken for granted before anything is learned: so much dispersion, worth so many expected steps. */
  readonly prior: number
  readonly priorWeight: number
  /** Steps with failures counted per block: more would be an incident and not burstiness. */
  readonly perBlockMax: number
  readonly max: number
  /** Blocks of a page open for longer than this are not learned from. */
  readonly skipAfterMs: DurationMs
  /** After this long half of what was learned is forgotten. */
  readonly halvedEveryMs: DurationMs
}

/** An alert ends early once the good events since make it this much likelier that the service is well. */
export interface RecoverySettings {
  readonly burnRate: BurnRate
  readonly odds: number
}

/** An alert that comes again soon stays open longer, so that a flapping service is one alert. */
export interface HoldSettings {
  /** By how often it came again in a row. */
  readonly forMs: readonly DurationMs[]
  readonly againWithinMs: DurationMs
}

/** When a region that cannot be seen pages. */
export interface DarkSettings {
  /** How long nothing was seen. */
  readonly afterMs: DurationMs
  /** The share of the budget that the events not seen would spend if all had failed. */
  readonly budgetShare: Ratio
  /** Fewer events than this are not missed. */
  readonly eventsMin: number
}

/** The settings of the built-in policy `standard`, and of every policy that leaves them out. */
export const standardEvidence: EvidenceSettings = {
  falseAlarmEveryMs: 7 * dayMs,
  nullBurnRate: 2,
  burnRates: [4, 14.4, 50, 200, 700],
  clumps: { needed: 2.5, belowFailures: 60, lengthMs: 'auto', burstMs: 5 * minuteMs, burstAbove: 1.3 },
  dispersion: {
    blockMs: 10 * minuteMs,
    prior: 2,
    priorWeight: 5,
    perBlockMax: 8,
    max: 20,
    skipAfterMs: 20 * minuteMs,
    halvedEveryMs: 30 * dayMs,
  },
  materiality: 0.25,
  recovery: { burnRate: 6, odds: 100 },
  hold: { forMs: [0, 5 * minuteMs, 10 * minuteMs, 20 * minuteMs, 20 * minuteMs], againWithinMs: hourMs },
  dark: { afterMs: 5 * minuteMs, budgetShare: 0.02, eventsMin: 5 },
  ticketOdds: 10_000,
}
