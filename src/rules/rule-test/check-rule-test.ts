import { knownWordsHint } from '../../core/model/did-you-mean.ts'
import type { Place, Problem } from '../../core/model/problem.ts'
import type { ProblemCode } from '../../core/model/problem-codes.ts'
import { type CalendarUnit, globalScope, type Slo } from '../../core/model/slo.ts'
import { type DurationMs, dayMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Expectation, FigureExpectation, FiredExpectation, RuleTest, SloPattern } from './rule-test.ts'

/** Where a test speaks of SLOs, scopes or receivers that do not exist under its rules, so that it could only fail. */
export function checkRuleTest(test: RuleTest, slos: readonly Slo[]): Problem[] {
  return test.expectations.flatMap((expectation) => checkExpectation(expectation, test, slos))
}

function checkExpectation(expectation: Expectation, test: RuleTest, slos: readonly Slo[]): Problem[] {
  if (expectation.kind === 'figures') {
    return checkSlo(expectation.slo, slos, true, (slo) => [
      ...checkScopes([expectation.scope], expectation.place, slo, test, slos),
      ...checkWindow(expectation, slo),
    ])
  }
  const alerts = expectation.kind === 'open' ? expectation.alerts : [expectation.alert]
  return alerts.flatMap((alert) =>
    checkSlo(alert.slo, slos, false, (slo) => [
      ...checkScopes(alert.scopes ?? [], alert.place, slo, test, slos),
      ...(expectation.kind === 'fired' ? checkReceivers(expectation, slo, test) : []),
    ]),
  )
}

function checkSlo(
  { name, group, place }: SloPattern,
  slos: readonly Slo[],
  mustBeOne: boolean,
  checkMore: (slo: Slo) => Problem[],
): Problem[] {
  const slo = slos.find((each) => each.name === name)
  if (slo === undefined) {
    const names = slos.map((each) => each.name)
    const hint = names.length === 0 ? 'the rules declare no SLO' : knownWordsHint(name, names.slice(0, namesShownMax))
    return [problem('TEST_UNKNOWN_SLO', place, `the rules declare no SLO "${name}"`, hint)]
  }
  if (slo.indicator.kind === 'query') {
    const hint = 'test it with an indicator on counters, or with backtest'
    const message = `the SLO "${name}" asks the API of a Prometheus, so series cannot feed it`
    return [problem('TEST_UNKNOWN_SLO', place, message, hint)]
  }
  const given = group === undefined ? undefined : [...group.keys()].sort().join(', ')
  const wanted = slo.groupBy.toSorted().join(', ')
  if (given === undefined ? mustBeOne && wanted !== '' : given !== wanted) {
    const hint = wanted === '' ? 'leave group out' : `give a value for each of: ${wanted}`
    return [problem('TEST_UNKNOWN_SLO', place, `the SLO "${name}" is grouped by ${wanted || 'nothing'}`, hint)]
  }
  return checkMore(slo)
}

/** Of thousands of SLOs the nearest is named, but not all of them. */
const namesShownMax = 50

function checkScopes(
  scopes: readonly string[],
  place: Place,
  slo: Slo,
  { series }: RuleTest,
  slos: readonly Slo[],
): Problem[] {
  const sources = slo.indicator.kind === 'composite' ? slos : [slo]
  const regions = sources.flatMap(({ regions: { label, expected } }) => [
    ...expected,
    ...series.flatMap(({ labels }) => labels.get(label) ?? []),
  ])
  const known = [...new Set([...(slo.regions.global === 'none' ? [] : [globalScope]), ...regions])]
  return scopes
    .filter((scope) => !known.includes(scope))
    .map((scope) => {
      if (scope === globalScope) {
        const hint = `name one of its regions: ${known.join(', ')}`
        return problem('TEST_UNKNOWN_SCOPE', place, `the SLO "${slo.name}" has no global scope`, hint)
      }
      const message = `there is no scope "${scope}" of the SLO "${slo.name}" in this test`
      return problem('TEST_UNKNOWN_SCOPE', place, message, knownWordsHint(scope, known))
    })
}

function checkWindow({ windowMs, place }: FigureExpectation, slo: Slo): Problem[] {
  const longestMs = Math.max(windowLengthMs(slo), ...slo.alerting.policy.rules.map(({ longMs }) => longMs))
  if (windowMs === undefined || windowMs <= longestMs) return []
  const message = `the window ${formatDuration(windowMs)} is longer than the SLO window`
  return [problem('TEST_WINDOW', place, message, `counts are kept for ${formatDuration(longestMs)}`)]
}

/** The shortest that a calendar window can be. */
const calendarDays: Readonly<Record<CalendarUnit, number>> = { day: 1, week: 7, month: 28, quarter: 90, year: 365 }

function windowLengthMs({ window }: Slo): DurationMs {
  return window.kind === 'rolling' ? window.durationMs : calendarDays[window.unit] * dayMs
}

function checkReceivers({ receivers, severity, place }: FiredExpectation, slo: Slo, { routes }: RuleTest): Problem[] {
  const known = [...routes.flatMap((route) => route.receivers), ...slo.alerting.bySeverity[severity].receivers]
  return (receivers ?? [])
    .filter((receiver) => !known.includes(receiver))
    .map((receiver) => {
      const hint =
        known.length === 0 ? 'copy the routes of the engine config into this file' : knownWordsHint(receiver, known)
      const message = `nothing routes alerts to a receiver "${receiver}"`
      return problem('TEST_UNKNOWN_RECEIVER', place, message, hint)
    })
}

function problem(code: ProblemCode, at: Place, message: string, hint: string): Problem {
  return { code, severity: 'error', at, message, hint }
}
