import { linkTo } from './address.ts'
import { budgetFigure } from './budget-bar.ts'
import { conditionBadge, conditionBadges } from './condition.ts'
import { type Child, h } from './dom.ts'
import {
  amountText,
  burnRateText,
  durationSeconds,
  momentText,
  shareText,
  sliText,
  spanText,
  unknown,
  windowText,
} from './figures.ts'
import type { ScopeJson, SloJson } from './slo-answers.ts'
import { cell, figure, figures, scrollTable } from './tables.ts'
import type { Condition } from './wire.ts'

/** Each region beside the others: state, budget, burn rates, what it spends, and how far its data has come. */
export function regionsTable(slo: SloJson, now: number): Child {
  const windows = [...new Set(slo.scopes.flatMap(({ burnRates }) => burnRates.map(({ window }) => window)))]
  const shares = slo.scopes.find(({ detail }) => detail?.attribution != null)?.detail?.attribution ?? null
  const heads = [
    'Scope',
    'State',
    ...figures(`Good, ${windowText(slo.window)}`),
    `Budget left, ${windowText(slo.window)}`,
    ...figures(...windows.map((window) => `Burn ${window}`)),
  ]
  const more =
    shares === null ? [] : [`Of failures, ${spanText(shares.nowSeconds)}`, `Of budget, ${windowText(slo.window)}`]
  const rows = slo.scopes.map((scope) => {
    const { detail, sli, projected, problem, counts } = { ...scope, counts: scope.total }
    const why = problem ?? (counts === null ? 'not evaluated yet' : 'no events in the window')
    const recent = shares?.now.find(({ region }) => region === scope.scope)
    const whole = shares?.window.find(({ region }) => region === scope.scope)
    return h(
      'tr',
      { class: scope.scope === 'global' ? 'global' : '' },
      h(
        'th',
        { scope: 'row' },
        h(
          'a',
          { href: linkTo('slo', { name: slo.name, scope: scope.scope }), 'data-row': scope.scope },
          scope.scope === 'global' ? 'all regions' : scope.scope,
        ),
      ),
      cell('State', scopeBadges(scope)),
      figure(
        `Good, ${windowText(slo.window)}`,
        h(
          'span',
          {
            title: sli === null ? why : `${amountText(scope.bad, slo)} bad of ${amountText(scope.total, slo)}`,
            class: sli === null ? 'missing' : '',
          },
          sliText(sli, detail?.objective ?? slo.objective),
        ),
      ),
      cell(`Budget left, ${windowText(slo.window)}`, budgetFigure(projected?.remaining ?? null, why)),
      windows.map((window) => burnCell(scope, window, slo)),
      shares === null
        ? null
        : [
            figure(more[0], scope.scope === 'global' ? '' : shareText(recent?.ofFailures ?? null)),
            figure(more[1], scope.scope === 'global' ? '' : shareText(whole?.ofBudget ?? null)),
          ],
      figure(
        'Data to',
        scope.at === null
          ? h('span', { class: 'missing', title: 'not evaluated yet' }, unknown)
          : `${momentText(scope.at, now)} (${spanText(now - scope.at)})`,
      ),
    )
  })
  return scrollTable('Scopes', [...heads, ...figures(...more, 'Data to')], rows)
}

function scopeBadges({ alerts, state }: ScopeJson): Child {
  const firing = alerts.filter((alert) => alert.firing).map(({ severity }) => severity)
  const condition: Condition = firing.includes('page') ? 'page' : firing.includes('ticket') ? 'ticket' : state
  return conditionBadges(condition, state)
}

function burnCell({ burnRates }: ScopeJson, window: string, slo: SloJson): Child {
  const { rules } = slo
  const reading = burnRates.find((one) => one.window === window)
  const rate = reading?.burnRate ?? null
  if (reading === undefined || rate === null) {
    return figure(
      `Burn ${window}`,
      h(
        'span',
        { class: 'missing', title: reading === undefined ? 'not evaluated yet' : `no events in ${window}` },
        unknown,
      ),
    )
  }
  const exceeded = rules
    .filter((rule) => (rule.long === window || rule.short === window) && rate > rule.burnRate)
    .map(({ severity }) => severity)
  const severity = exceeded.includes('page') ? 'page' : exceeded[0]
  const above = severity === undefined ? '' : `; above the threshold of a ${severity}`
  return figure(
    `Burn ${window}`,
    h(
      'span',
      {
        class: severity === undefined ? '' : `over-${severity}`,
        title: `${amountText(reading.bad, slo)} bad of ${amountText(reading.total, slo)}${above}`,
      },
      burnRateText(rate),
    ),
  )
}

/** The rules of the policy against what their windows read. */
export function rulesTable(slo: SloJson, scope: ScopeJson, now: number): Child {
  const rows = slo.rules.map((rule) => {
    const { severity, long, short, burnRate } = rule
    const [longRate, shortRate] = [long, short].map(
      (window) => scope.burnRates.find((one) => one.window === window)?.burnRate ?? null,
    )
    const alert = scope.alerts.find((one) => one.severity === severity)
    const isOpen = alert?.firing === true && alert.rule?.long === long && alert.rule.short === short
    const isHolding = longRate !== null && shortRate !== null && longRate > burnRate && shortRate > burnRate
    const state = isOpen
      ? `opened it ${alert.since === null ? '' : `${spanText(now - alert.since)} ago`}`
      : isHolding
        ? 'both above'
        : longRate === null || shortRate === null
          ? 'unknown'
          : 'quiet'
    return h(
      'tr',
      {},
      cell('Severity', conditionBadge(severity)),
      cell('State', state),
      figure('Long', long),
      figure('Short', short),
      figure('Burn rate', burnRateText(burnRate)),
      figure('Error ratio', shareOf(burnRate * (1 - slo.objective))),
      figure('Long now', rateAgainst(longRate, burnRate, severity)),
      figure('Short now', rateAgainst(shortRate, burnRate, severity)),
      figure('Spends it all in', spendsIn(slo, scope, burnRate)),
    )
  })
  return scrollTable(
    'Alert rules',
    [
      'Severity',
      'State',
      ...figures('Long', 'Short', 'Burn rate', 'Error ratio', 'Long now', 'Short now', 'Spends it all in'),
    ],
    rows,
  )
}

function spendsIn({ window }: SloJson, { detail }: ScopeJson, burnRate: number): string {
  const length = durationSeconds(window) ?? detail?.budget.lengthSeconds
  return length === undefined || burnRate <= 0 ? unknown : spanText(length / burnRate)
}

function shareOf(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`
}

function rateAgainst(rate: number | null, threshold: number, severity: string): Child {
  if (rate === null) return h('span', { class: 'missing', title: 'no events in the window' }, unknown)
  return h('span', { class: rate > threshold ? `over-${severity}` : '' }, burnRateText(rate))
}

/** Events that failed, with the traces that show them. */
export function exemplarsSection({ detail }: ScopeJson, now: number): Child {
  const exemplars = detail?.exemplars ?? []
  if (exemplars.length === 0) return null
  const items = exemplars.map(({ traceId, region, at, value, url }) => {
    const isLink = url !== null && /^https?:/i.test(url)
    const trace = isLink
      ? h('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, traceId)
      : h('code', {}, traceId)
    return h('li', {}, trace, ` in ${region}, ${momentText(at, now)} UTC${value === null ? '' : `, ${value}`}`)
  })
  return h(
    'section',
    { 'aria-labelledby': 'exemplars' },
    h('h2', { id: 'exemplars' }, 'Events that failed'),
    h('ul', { class: 'sheet lines' }, items),
  )
}
