import { type FiredEvidence, type FiredRule, isOpen } from '../../core/model/alert.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { AlertStatus, RuleStatus, ScopeStatus, SloStatus } from '../../ports/slo-status.ts'
import { unixSeconds } from './json-answer.ts'
import { scopeDetailJson } from './scope-detail-json.ts'

/** One SLO as the API gives it. */
export function sloJson({ rules, scopes, ...rest }: SloStatus) {
  return { ...rest, rules: rules.map(ruleJson), scopes: scopes.map(scopeJson) }
}

/** The rule that opened an alert, and what it saw: the same two fields as in a backtest; then why, and how sure that was. */
export function firedRuleJson({ longMs, shortMs, burnRate, longBurnRate, shortBurnRate, ...why }: FiredRule) {
  const long = formatDuration(longMs)
  const short = formatDuration(shortMs)
  return {
    rule: { long, short, burnRate },
    burnRates: { [long]: longBurnRate, [short]: shortBurnRate },
    because: why.because ?? 'burn',
    evidence: why.evidence === undefined ? null : evidenceJson(why.evidence),
  }
}

function evidenceJson({ since, chanceOnceInMs, ...rest }: FiredEvidence) {
  const secondsBetweenChances = chanceOnceInMs === null ? null : chanceOnceInMs / 1_000
  return { since: unixSeconds(since), ...rest, secondsBetweenChances }
}

function ruleJson({ severity, longMs, shortMs, burnRate }: RuleStatus) {
  return { severity, long: formatDuration(longMs), short: formatDuration(shortMs), burnRate }
}

function scopeJson({ scope, state, problem, counts, at, burnRates, alerts, detail, ...budget }: ScopeStatus) {
  return {
    scope,
    state,
    problem,
    good: counts === null ? null : counts.total - counts.bad,
    bad: counts?.bad ?? null,
    total: counts?.total ?? null,
    sli: budget.sli,
    consumed: budget.consumed,
    remaining: budget.remaining,
    projected: budget.projected,
    coverage: budget.coverage,
    at: unixSeconds(at),
    burnRates: burnRates.map(({ windowMs, ...reading }) => ({ window: formatDuration(windowMs), ...reading })),
    alerts: alerts.map(alertJson),
    ...(detail === undefined ? {} : { detail: scopeDetailJson(detail) }),
  }
}

const noFiredRule = { rule: null, burnRates: null, because: null, evidence: null }

function alertJson({ severity, state }: AlertStatus) {
  if (!isOpen(state)) return { severity, firing: false, since: null, ...noFiredRule }
  return { severity, firing: true, since: unixSeconds(state.since), ...firedRuleJson(state.rule) }
}
