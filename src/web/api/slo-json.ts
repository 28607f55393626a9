import { type FiredRule, isOpen } from '../../core/model/alert.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { AlertStatus, RuleStatus, ScopeStatus, SloStatus } from '../../ports/status-view.ts'
import { unixSeconds } from './json-answer.ts'

/** One SLO as the API gives it. */
export function sloJson({ rules, scopes, ...rest }: SloStatus) {
  return { ...rest, rules: rules.map(ruleJson), scopes: scopes.map(scopeJson) }
}

/** The rule that opened an alert, and what it saw: the same two fields as in a backtest. */
export function firedRuleJson({ longMs, shortMs, burnRate, longBurnRate, shortBurnRate }: FiredRule) {
  const long = formatDuration(longMs)
  const short = formatDuration(shortMs)
  return { rule: { long, short, burnRate }, burnRates: { [long]: longBurnRate, [short]: shortBurnRate } }
}

function ruleJson({ severity, longMs, shortMs, burnRate }: RuleStatus) {
  return { severity, long: formatDuration(longMs), short: formatDuration(shortMs), burnRate }
}

function scopeJson({ scope, state, counts, at, burnRates, alerts, ...budget }: ScopeStatus) {
  return {
    scope,
    state,
    good: counts === null ? null : counts.total - counts.bad,
    bad: counts?.bad ?? null,
    total: counts?.total ?? null,
    sli: budget.sli,
    consumed: budget.consumed,
    remaining: budget.remaining,
    coverage: budget.coverage,
    at: unixSeconds(at),
    burnRates: burnRates.map(({ windowMs, ...reading }) => ({ window: formatDuration(windowMs), ...reading })),
    alerts: alerts.map(alertJson),
  }
}

function alertJson({ severity, state }: AlertStatus) {
  if (!isOpen(state)) return { severity, firing: false, since: null, rule: null, burnRates: null }
  return { severity, firing: true, since: unixSeconds(state.since), ...firedRuleJson(state.rule) }
}
