import type { EvidenceTerms } from '../core/evidence/evidence-terms.ts'
import type { EvidenceSettings } from '../core/model/evidence-settings.ts'
import type { Severity } from '../core/model/slo.ts'
import type { DurationMs, EpochMs, Ratio } from '../core/model/units.ts'
import type { CompiledRule, CompiledSlo } from './compiled-slo.ts'
import type { SloEvidence } from './slo-evidence.ts'
import type { Trial } from './trial.ts'
import { type ClumpLengths, clumpLengths } from './weigh-step.ts'

/** A rule that a sweep looks at; its windows are places in the list of all windows. */
export interface SweepRule {
  readonly bit: number
  readonly severity: Severity
  readonly short: number
  readonly long: number
  readonly shortMs: DurationMs
  readonly longMs: DurationMs
  readonly ratio: Ratio
}

/** What the evidence of an SLO needs beyond its counts. */
export interface SweepGate {
  readonly terms: EvidenceTerms
  readonly settings: EvidenceSettings
  readonly perEvent: number
  /** Whether the failures of one client are to be told from many: where they are, below so many failures that the rule of the window takes. */
  readonly clumpsBelow: number
  readonly clumpsWindow: number
  readonly clumpsRatio: Ratio
  readonly isMinutes: boolean
  readonly clumpLengths: ClumpLengths
  /** A page opens only so shortly after the evidence was complete. */
  readonly crossedWithinMs: DurationMs
  readonly darkAfterMs: DurationMs
  readonly ticketStrength: number
}

/** SLOs that are judged alike, whatever they count. */
export interface SweepClass {
  /** Of an SLO that asks for evidence only those of tickets: pages wait for the evidence. */
  readonly rules: readonly SweepRule[]
  readonly pageBits: number
  readonly ticketBits: number
  readonly budget: Ratio
  readonly gate: SweepGate | undefined
}

/** Rules of one SLO that a sweep can look at: more do not fit in a byte. */
const rulesMax = 8

/** What SLOs of one class have in common. */
interface Known {
  readonly made: SweepClass
  readonly rules: readonly CompiledRule[]
  readonly settings: EvidenceSettings | undefined
  readonly scopes: number
  readonly trial: Trial | undefined
}

/** Finds the class of an SLO: there are few, since most SLOs follow the same policy under one of a few objectives. */
export class SweepClasses {
  readonly #stepMs: DurationMs
  /** The one found last stands first. */
  readonly #known: Known[] = []
  readonly #windows: DurationMs[] = []

  constructor(stepMs: DurationMs) {
    this.#stepMs = stepMs
  }

  /** All windows that rules ask for. */
  get windows(): readonly DurationMs[] {
    return this.#windows
  }

  /** Undefined where an SLO can only be judged one by one. */
  of(compiled: CompiledSlo, slo: SloEvidence | undefined, at: EpochMs): SweepClass | undefined {
    const rules = compiled.rulesAt(at)
    if (rules.length > rulesMax) return undefined
    const settings = compiled.evidence?.settings
    const gates = settings === undefined ? undefined : slo
    if (gates !== undefined && gates.trial.perEvent === undefined) return undefined
    const scopes = gates?.rows.size ?? 0
    const place = this.#known.findIndex(
      (known) =>
        known.made.budget === compiled.budget &&
        known.scopes === scopes &&
        isSameTrial(known.trial, gates?.trial) &&
        isSameSettings(known.settings, settings) &&
        areSameRules(known.rules, rules),
    )
    const found =
      place < 0
        ? { made: this.#make(compiled, rules, gates), rules, settings, scopes, trial: gates?.trial }
        : this.#known[place]
    if (place !== 0) {
      if (place > 0) this.#known.splice(place, 1)
      this.#known.unshift(found)
    }
    return found.made
  }

  #make(compiled: CompiledSlo, rules: readonly CompiledRule[], slo: SloEvidence | undefined): SweepClass {
    const { evidence, budget } = compiled
    const isGated = evidence !== undefined
    const swept = rules
      .filter(({ severity }) => !isGated || severity === 'ticket')
      .map(({ severity, shortMs, longMs, limit }, index) => ({
        bit: 1 << index,
        severity,
        shortMs,
        longMs,
        short: this.#window(shortMs),
        long: this.#window(longMs),
        ratio: limit.ratio,
      }))
    const bitsOf = (severity: Severity) =>
      swept.reduce((bits, rule) => (rule.severity === severity ? bits | rule.bit : bits), 0)
    const gate = isGated && slo !== undefined ? this.#gate(compiled, rules, slo) : undefined
    return { rules: swept, pageBits: bitsOf('page'), ticketBits: bitsOf('ticket'), budget, gate }
  }

  #gate({ evidence }: CompiledSlo, rules: readonly CompiledRule[], slo: SloEvidence): SweepGate | undefined {
    if (evidence === undefined) return undefined
    const { settings } = evidence
    const pages = rules.filter(({ severity }) => severity === 'page')
    const quickest = pages.reduce<CompiledRule | undefined>(
      (a, b) => (a === undefined || b.longMs < a.longMs ? b : a),
      undefined,
    )
    const isClumped = slo.trial.unit === 'events' && quickest !== undefined
    return {
      terms: evidence.terms(this.#stepMs, slo.rows.size),
      settings,
      perEvent: slo.trial.perEvent ?? 1,
      clumpsBelow: isClumped ? settings.clumps.belowFailures : Number.NEGATIVE_INFINITY,
      clumpsWindow: quickest === undefined ? 0 : this.#window(quickest.longMs),
      clumpsRatio: quickest?.limit.ratio ?? 0,
      isMinutes: slo.trial.unit === 'minutes',
      clumpLengths: clumpLengths(slo.trial, settings.clumps, this.#stepMs),
      crossedWithinMs: pages.reduce((longest, { shortMs }) => Math.max(longest, shortMs), 0),
      darkAfterMs: settings.dark?.afterMs ?? Number.POSITIVE_INFINITY,
      ticketStrength: Math.log(settings.ticketOdds),
    }
  }

  #window(windowMs: DurationMs): number {
    const known = this.#windows.indexOf(windowMs)
    return known >= 0 ? known : this.#windows.push(windowMs) - 1
  }
}

function areSameRules(a: readonly CompiledRule[], b: readonly CompiledRule[]): boolean {
  return a.length === b.length && a.every((rule, index) => isSameRule(rule, b[index]))
}

function isSameRule(a: CompiledRule, b: CompiledRule): boolean {
  return (
    a.severity === b.severity &&
    a.longMs === b.longMs &&
    a.shortMs === b.shortMs &&
    a.limit.ratio === b.limit.ratio &&
    a.budgetShare === b.budgetShare
  )
}

function isSameTrial(a: Trial | undefined, b: Trial | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.unit === b.unit && a.perEvent === b.perEvent)
}

function isSameSettings(a: EvidenceSettings | undefined, b: EvidenceSettings | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b))
}

/** The windows of rules that classes have at the same place of their rules, each class under its own ratio. */
export interface SharedRule {
  /** The place among the rules, and its bit. */
  readonly place: number
  readonly bit: number
  readonly short: number
  readonly long: number
  /** By the place of the class; NaN where it has no such rule. */
  readonly ratios: Float64Array
}

/** The classes that there are, each once, and by SLO the place of its own. */
export function differentClasses(classes: readonly (SweepClass | undefined)[]): {
  readonly different: readonly (SweepClass | undefined)[]
  readonly placeOf: Int32Array
} {
  const different = [...new Set(classes)]
  const places = new Map(different.map((known, place) => [known, place]))
  return { different, placeOf: Int32Array.from(classes, (known) => places.get(known) ?? 0) }
}

/** The rules of all classes: those of the same windows at the same place are one, whatever their ratios. */
export function sharedRules(classes: readonly (SweepClass | undefined)[]): readonly SharedRule[] {
  const shared: SharedRule[] = []
  for (const [ofClass, known] of classes.entries()) {
    for (const [place, { bit, short, long, ratio }] of (known?.rules ?? []).entries()) {
      let rule = shared.find((one) => one.bit === bit && one.short === short && one.long === long)
      if (rule === undefined) {
        rule = { place, bit, short, long, ratios: new Float64Array(classes.length).fill(Number.NaN) }
        shared.push(rule)
      }
      rule.ratios[ofClass] = ratio
    }
  }
  return shared
}
