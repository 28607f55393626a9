import { ruleBurnRate } from '../core/budget/burn-rate.ts'
import { toNumber } from '../core/model/rational.ts'
import { type AlertRule, activeRules, type Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs, hourMs, minuteMs } from '../core/model/units.ts'
import { anyOf } from '../core/sli/promql-string.ts'
import { formatDuration } from '../core/time/duration.ts'

/** The windows over which the rules of these SLOs look at burn rates, as label values and regular expressions of them. */
export interface AlertWindows {
  /** Columns of the table of what burns, shortest first. */
  readonly columns: readonly string[]
  /** The windows that show first that something breaks: the short ones of the fastest rules. */
  readonly first: string
  /** The long windows of the fastest rules. */
  readonly fast: string
  /** The long windows of the slowest rules. */
  readonly slow: string
  /** The burn rates that rules ask for, lowest first, and 1. */
  readonly burnRates: readonly number[]
}

/** A table of more windows than this is not read any more. */
const columnsMax = 7

/** What the rule set of an SLO without any rule would be: those of the SRE Workbook. */
const usual: Spread = { first: 5 * minuteMs, fast: hourMs, slow: 3 * dayMs, all: [5 * minuteMs, hourMs, 6 * hourMs] }

/** Gathers the windows of all SLOs; files that mix policies have several of each. */
export function alertWindows(slos: readonly Slo[]): AlertWindows {
  const spreads = slos.map((slo) => spreadOf(activeRules(slo.alerting)))
  const words = (of: (spread: Spread) => DurationMs): string => {
    return anyOf([...new Set(spreads.map(of))].sort((a, b) => a - b).map(formatDuration))
  }
  return {
    columns: columnsOf(spreads),
    first: words(({ first }) => first),
    fast: words(({ fast }) => fast),
    slow: words(({ slow }) => slow),
    burnRates: [...new Set([1, ...slos.slice(0, 1).flatMap(burnRatesOf)])].sort((a, b) => a - b),
  }
}

interface Spread {
  readonly first: DurationMs
  readonly fast: DurationMs
  readonly slow: DurationMs
  readonly all: readonly DurationMs[]
}

function spreadOf(rules: readonly AlertRule[]): Spread {
  if (rules.length === 0) return usual
  const longs = rules.map(({ longMs }) => longMs)
  const shorts = rules.map(({ shortMs }) => shortMs)
  const all = [...new Set([...longs, ...shorts])]
  return { first: Math.min(...shorts), fast: Math.min(...longs), slow: Math.max(...longs), all }
}

/** The windows that most SLOs have; of as many the shorter ones. */
function columnsOf(spreads: readonly Spread[]): readonly string[] {
  const counts = new Map<DurationMs, number>()
  for (const window of spreads.flatMap(({ all }) => all)) counts.set(window, (counts.get(window) ?? 0) + 1)
  const chosen = [...counts].sort(([a, many], [b, more]) => more - many || a - b).slice(0, columnsMax)
  return chosen
    .map(([window]) => window)
    .sort((a, b) => a - b)
    .map(formatDuration)
}

/** Of a calendar window the burn rates of a share depend on its length; a month is as good a guess as any for a colour. */
function burnRatesOf(slo: Slo): readonly number[] {
  const lengthMs = slo.window.kind === 'rolling' ? slo.window.durationMs : 30 * dayMs
  return activeRules(slo.alerting).map((rule) => toNumber(ruleBurnRate(rule, lengthMs)))
}
