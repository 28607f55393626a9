import type { Indicator } from '../../../src/core/model/indicator.ts'
import type { Labels } from '../../../src/core/model/labels.ts'
import type { Rational } from '../../../src/core/model/rational.ts'
import {
  type Alerting,
  type DataPolicy,
  defaultDataPolicy,
  type RegionSettings,
  type Severity,
  type Slo,
  type SloWindow,
} from '../../../src/core/model/slo.ts'
import { dayMs, type EpochMs } from '../../../src/core/model/units.ts'
import { formatDuration } from '../../../src/core/time/duration.ts'
import { startOfDate } from '../../../src/core/time/start-of-date.ts'
import { defaultPolicyName } from '../../../src/rules/built-in-policies.ts'
import { indicatorKinds } from '../../../src/rules/indicators/all-kinds.ts'
import { standardRegionLabel } from '../../../src/rules/read-regions.ts'
import { standardTimeZone } from '../../../src/rules/read-window.ts'
import { exactPercent } from './exact-decimal.ts'

/** What stands in a file: keys in the order in which they are written, undefined where a key is left out. */
export type Content = Readonly<Record<string, unknown>>

/** The spec of an SLO, without what is so by itself. */
export function sloContent(slo: Slo): Content {
  return {
    service: slo.service,
    description: slo.description === '' ? undefined : slo.description,
    labels: labelsContent(slo.labels),
    runbook: slo.runbook,
    dashboard: slo.dashboard,
    ...objectiveContent(slo),
    window: windowContent(slo.window),
    indicator: indicatorContent(slo.indicator),
    regions: regionsContent(slo.regions),
    data: dataContent(slo.data ?? defaultDataPolicy),
    groupBy: slo.groupBy.length === 0 ? undefined : slo.groupBy,
    alerting: alertingContent(slo.alerting),
  }
}

/** A percentage as a number where a number says it exactly, otherwise as text. */
function percentContent(share: Rational): number | string {
  const text = exactPercent(share)
  return String(Number(text)) === text ? Number(text) : text
}

/** A mapping without the keys that are left out; undefined when none is left. */
export function unlessEmpty(content: Content): Content | undefined {
  const written = Object.entries(content).filter(([, value]) => value !== undefined)
  return written.length === 0 ? undefined : Object.fromEntries(written)
}

function objectiveContent({ objective, pastObjectives, window }: Slo): Content {
  if (pastObjectives.length === 0) return { objective: percentContent(objective) }
  const timeZone = window.kind === 'calendar' ? window.timeZone : standardTimeZone
  const percents = [...pastObjectives.map((past) => past.objective), objective].map(percentContent)
  return {
    objectives: percents.map((percent, index) =>
      index === 0 ? { percent } : { from: fromContent(pastObjectives[index - 1].until, timeZone), percent },
    ),
  }
}

/** A date where the moment is its midnight, otherwise date and time. */
function fromContent(at: EpochMs, timeZone: string): string {
  // East of Greenwich a day begins while it is still the day before in UTC.
  const dates = [at, at + dayMs].map((near) => new Date(near).toISOString().slice(0, 10))
  const date = dates.find((text) => startOfDate(text, timeZone) === at)
  return date ?? new Date(at).toISOString().replace('.000Z', 'Z')
}

function windowContent(window: SloWindow): string | Content {
  if (window.kind === 'rolling') return formatDuration(window.durationMs)
  const { unit, timeZone } = window
  return timeZone === standardTimeZone ? { calendar: unit } : { calendar: unit, timeZone }
}

function indicatorContent(indicator: Indicator): Content {
  for (const [name, kind] of Object.entries(indicatorKinds)) {
    const content = kind.print(indicator)
    if (content !== undefined) return { [name]: content }
  }
  throw new TypeError(`a ${indicator.kind} indicator that no file can say`)
}

function regionsContent({ label, expected, global, objectives }: RegionSettings): Content | undefined {
  return unlessEmpty({
    label: label === standardRegionLabel ? undefined : label,
    expected: expected.length === 0 ? undefined : expected,
    objectives: mappingContent([...objectives].map(([region, objective]) => [region, percentContent(objective)])),
    global: global === 'events' ? undefined : global,
  })
}

function spanContent(duration: number, usual: number): string | undefined {
  return duration === usual ? undefined : formatDuration(duration)
}

function dataContent({ unseen, blind, trafficGone, forgetRegionAfterMs }: DataPolicy): Content | undefined {
  const standard = defaultDataPolicy
  return unlessEmpty({
    unseen: unseen === standard.unseen ? undefined : unseen,
    blind: unlessEmpty({
      after: spanContent(blind.afterMs, standard.blind.afterMs),
      severity: blind.severity === standard.blind.severity ? undefined : blind.severity,
    }),
    trafficGone: trafficGone === standard.trafficGone ? undefined : trafficGone,
    forgetRegionAfter: spanContent(forgetRegionAfterMs, standard.forgetRegionAfterMs),
  })
}

function alertingContent(alerting: Alerting): Content | undefined {
  return unlessEmpty({
    policy: alerting.policy.name === defaultPolicyName ? undefined : alerting.policy.name,
    page: severityContent(alerting, 'page'),
    ticket: severityContent(alerting, 'ticket'),
    labels: labelsContent(alerting.labels),
  })
}

function severityContent({ severities, bySeverity }: Alerting, severity: Severity): false | Content | undefined {
  if (!severities[severity]) return false
  const { labels, receivers } = bySeverity[severity]
  return unlessEmpty({
    labels: labelsContent(labels),
    receivers: receivers.length === 0 ? undefined : receivers,
  })
}

function labelsContent(labels: Labels): Content | undefined {
  return mappingContent([...labels])
}

function mappingContent(entries: readonly (readonly [string, unknown])[]): Content | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
