import type { Severity } from '../../../core/model/slo.ts'
import type { DurationMs } from '../../../core/model/units.ts'
import { formatDuration } from '../../../core/time/duration.ts'
import { type Carried, carried, carriedWhole } from '../carried.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { severityWord } from '../severity-word.ts'
import { policyDocument } from '../slo-document.ts'
import { isRoundedAway, type PyrraTier, pyrraTiers } from './pyrra-tiers.ts'

/** A policy by its name, and the document that declares it. */
export interface PyrraPolicy {
  readonly name: string
  readonly document: Carried
}

/** The alerts of a Pyrra SLO as a policy: the same for every SLO with the same window and the same severities. */
export function pyrraPolicy(root: ForeignValue, windowMs: DurationMs, notes: ImportNotes): PyrraPolicy {
  const window = root.at('spec', 'window')
  const severities = root.at('spec', 'alerting', 'severities')
  const tiers = pyrraTiers(windowMs).map((tier) => ({ ...tier, severity: severityOf(tier, severities, notes) }))
  const usable = tiers.filter(({ longMs, shortMs }) => shortMs < longMs)
  const name = policyName(window.text ?? '', tiers)
  const forMs = Math.min(...tiers.map((tier) => tier.forMs))
  const spec = {
    rules: carriedWhole(usable.map(ruleOf), window),
    for: forMs === 0 ? undefined : carried(formatDuration(forMs), window),
  }
  return { name, document: policyDocument(window, carried(name, window), spec) }
}

/** What a policy does otherwise than Pyrra; said once for each, not for each SLO that names it. */
export function notePolicy(root: ForeignValue, windowMs: DurationMs, notes: ImportNotes): void {
  const window = root.at('spec', 'window')
  const [first, ...others] = pyrraTiers(windowMs).map(({ forMs }) => formatDuration(forMs))
  const message = `the tiers wait ${first} before they alert: the "for" of a policy is one for all, and theirs would be ${others.join(', ')} for the slower ones`
  notes.warn('IMPORT_CHANGED', window, message)
  if (!isRoundedAway(windowMs)) return
  const rounded = `windows of this SLO are too short for the tiers of Pyrra, which rounds them to 0m: they are 1m here, and a tier whose two windows would be equal is left out`
  notes.warn('IMPORT_CHANGED', window, rounded, 'take a window of at least 3d')
}

function ruleOf({ severity, longMs, shortMs, burnRate }: PyrraTier): unknown {
  return { severity, long: formatDuration(longMs), short: formatDuration(shortMs), burnRate }
}

function severityOf({ key, severity }: PyrraTier, severities: ForeignValue, notes: ImportNotes): Severity {
  const given = severities.at(key)
  if (given.text === undefined || given.text === '') return severity
  const meant = severityWord(given.text) ?? severity
  if (given.text !== meant) {
    const message = `the severity "${given.text}" becomes "${meant}": there are page and ticket`
    notes.warn(
      'IMPORT_CHANGED',
      given,
      message,
      'labels that routes match stand under alerting.page and alerting.ticket',
    )
  }
  return meant
}

/** `pyrra-4w`; with other severities than usual their first letters: `pyrra-4w-pppt`. */
function policyName(window: string, tiers: readonly PyrraTier[]): string {
  const letters = tiers.map(({ severity }) => severity[0]).join('')
  return letters === 'pptt' ? `pyrra-${window}` : `pyrra-${window}-${letters}`
}
