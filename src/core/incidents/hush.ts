import { alertKey } from '../model/alert.ts'
import type { Hush, IncidentAlert } from '../model/incident.ts'
import type { Silence } from '../model/silence.ts'
import type { EpochMs } from '../model/units.ts'
import type { InhibitionRule } from './incident-policy.ts'
import { type AlertLabels, matchesAll } from './matching.ts'

/** The maintenance that mutes an alert at a moment; undefined when none does. */
export type Muting = (
  labels: AlertLabels,
  at: EpochMs,
) => { readonly name: string; readonly reason: string } | undefined

/** What may keep alerts from being told. */
export interface Quiet {
  readonly silences: readonly Silence[]
  readonly muting: Muting
  readonly inhibitions: readonly InhibitionRule[]
  /** Every alert that fires, of every incident. */
  readonly firing: readonly IncidentAlert[]
}

type Stage = (alert: IncidentAlert, quiet: Quiet, now: EpochMs) => Hush | undefined

/** Every reason why an alert is not told, in order; the first that holds is named. */
const stages: readonly Stage[] = [silenced, muted, inhibited]

/** Why an alert is not told now; null when it may be. */
export function hushOf(alert: IncidentAlert, quiet: Quiet, now: EpochMs): Hush | null {
  for (const stage of stages) {
    const hush = stage(alert, quiet, now)
    if (hush !== undefined) return hush
  }
  return null
}

/** Whether a silence is in force. */
export function isInForce({ startsAt, endsAt }: Silence, now: EpochMs): boolean {
  return startsAt <= now && now < endsAt
}

function silenced({ labels }: IncidentAlert, { silences }: Quiet, now: EpochMs): Hush | undefined {
  const silence = silences.find((one) => isInForce(one, now) && matchesAll(one.matchers, labels))
  if (silence === undefined) return undefined
  const reason = `silenced by ${silence.createdBy}: ${silence.comment}`
  return { kind: 'silenced', by: silence.id, reason }
}

function muted({ labels }: IncidentAlert, { muting }: Quiet, now: EpochMs): Hush | undefined {
  const maintenance = muting(labels, now)
  if (maintenance === undefined) return undefined
  return { kind: 'muted', by: maintenance.name, reason: `maintenance ${maintenance.name}: ${maintenance.reason}` }
}

/** An alert that matches both sides is not inhibited by another that does, itself least of all. */
function inhibited(alert: IncidentAlert, { inhibitions, firing }: Quiet): Hush | undefined {
  for (const rule of inhibitions) {
    if (!matchesAll(rule.target, alert.labels)) continue
    const isSource = matchesAll(rule.source, alert.labels)
    const source = firing.find(({ labels }) => {
      if (!matchesAll(rule.source, labels) || (isSource && matchesAll(rule.target, labels))) return false
      return rule.equal.every((label) => (labels[label] ?? '') === (alert.labels[label] ?? ''))
    })
    if (source === undefined) continue
    const by = alertKey(source.id)
    return { kind: 'inhibited', by, reason: `${by} inhibits it by the rule ${rule.name}` }
  }
  return undefined
}
