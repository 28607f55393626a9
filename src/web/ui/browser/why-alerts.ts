import { conditionBadge } from './condition.ts'
import { type Child, h } from './dom.ts'
import { burnRateText, countText, momentText, spanText } from './figures.ts'
import type { AlertStateJson, EvidenceJson, SloJson } from './slo-answers.ts'

/** Why each alert that fires was opened, in sentences. */
export function whyAlerts({ scopes }: SloJson, now: number): Child {
  const firing = scopes.flatMap((scope) =>
    scope.alerts.filter((alert) => alert.firing).map((alert) => ({ scope: scope.scope, alert })),
  )
  const data = scopes.flatMap((scope) =>
    (scope.detail?.dataAlerts ?? [])
      .filter(({ since }) => since !== null)
      .map((alert) => ({ scope: scope.scope, alert })),
  )
  if (firing.length + data.length === 0) return null
  const told = firing.map(({ scope, alert }) =>
    h(
      'li',
      { class: `card ${alert.severity}` },
      h('p', {}, conditionBadge(alert.severity), ` in `, h('b', {}, scope), sinceText(alert.since, now)),
      h('p', { class: 'about' }, whyText(alert)),
    ),
  )
  const blind = data.map(({ scope, alert }) => {
    const why = alert.cause === 'blind' ? 'its data cannot be seen' : 'its traffic is gone, against past weeks'
    return h(
      'li',
      { class: `card ${alert.severity}` },
      h('p', {}, conditionBadge(alert.severity), ' in ', h('b', {}, scope), sinceText(alert.since, now)),
      h('p', { class: 'about' }, why),
    )
  })
  return h('ul', { class: 'cards', 'aria-label': 'Alerts that fire' }, told, blind)
}

function sinceText(since: number | null, now: number): string {
  return since === null ? '' : ` since ${momentText(since, now)} UTC (${spanText(now - since)})`
}

/** Why an alert opened: the windows and what they read, and how sure it was. */
export function whyText({
  rule,
  burnRates,
  because,
  evidence,
}: Omit<AlertStateJson, 'severity' | 'firing' | 'since'>): string {
  const chance = evidence === null ? '' : ` ${evidenceText(evidence)}`
  if (rule === null || burnRates === null || rule.burnRate === 0) return chance.trim()
  const { long, short, burnRate } = rule
  if (because === 'dark-region')
    return `So much cannot be seen that ${burnRateText(burnRate)} over ${long} may be exceeded.${chance}`
  if (because === 'budget-share') {
    return `The share of the budget that ${burnRateText(burnRate)} spends in ${long} was gone, in events: burn ${burnRateText(burnRates[long] ?? null)} over ${long}.${chance}`
  }
  return `Burn ${burnRateText(burnRates[long] ?? null)} over ${long} and ${burnRateText(burnRates[short] ?? null)} over ${short}, both above ${burnRateText(burnRate)}.${chance}`
}

function evidenceText({ bad, total, unit, allowed, secondsBetweenChances }: EvidenceJson): string {
  const seldom =
    secondsBetweenChances === null
      ? ''
      : `; chance alone would do that once in ${spanText(secondsBetweenChances)} at most`
  return `${countText(bad)} of ${countText(total)} ${unit} failed where ${countText(allowed)} are allowed${seldom}.`
}
