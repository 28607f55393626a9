import { type BudgetForecast, budgetForecast, type ForecastPoint } from './budget-forecast.ts'
import type { Chart, ChartLine } from './chart.ts'
import { budgetText, durationSeconds, windowText } from './figures.ts'
import { linearScale } from './scale.ts'
import type { ScopeJson, SloJson } from './slo-answers.ts'
import type { ChartFrame, SloChartsParts } from './slo-charts-parts.ts'

/** The budget over time, its forecast, and how it would be spent evenly. */
export function budgetChart(parts: SloChartsParts, frame: ChartFrame): Chart {
  const { slo, scope, history } = parts
  const values = history.points.map(({ remaining }) => remaining)
  const known = values.filter((value) => value !== null)
  const low = Math.min(0, ...known)
  const last = known.at(-1) ?? null
  const forecast = forecastOf(parts)
  const until = forecast?.until ?? frame.times[frame.times.length - 1]
  const coming = forecast === undefined ? [] : [{ kind: 'expected', name: 'forecast', points: forecast.expected }]
  return {
    ...frame,
    title: `Budget left, ${windowText(slo.window)}`,
    summary:
      last === null
        ? 'Nothing is known.'
        : `From ${budgetText(known[0])} to ${budgetText(last)} of the budget of ${windowText(slo.window)}. ${comingText(forecast)}`,
    lines: [{ name: 'left', kind: 'budget', values }, ...evenSpending(slo, scope, frame.times)],
    levels: [{ name: 'spent', value: 0, kind: 'limit' }],
    ahead: {
      until,
      lines: [...coming, ...evenAhead(slo, scope, frame.times, until)],
      low: forecast?.low ?? [],
      high: forecast?.high ?? [],
    },
    scale: linearScale(low, 1, (value) => `${Math.round(value * 100)} %`),
    text: budgetText,
  }
}

/** How the budget goes on, as far ahead as half of what is shown; to the end where the whole window is. */
function forecastOf({ scope, history, isWhole }: SloChartsParts): BudgetForecast | undefined {
  const last = history.points.findLast(({ remaining }) => remaining !== null)
  if (scope.detail === undefined || last === undefined || last.remaining === null) return undefined
  const shown = last.at - history.points[0].at
  return budgetForecast(
    scope.detail,
    { at: last.at, value: last.remaining },
    isWhole ? Number.MAX_VALUE : last.at + shown / 2,
  )
}

function comingText(forecast: BudgetForecast | undefined): string {
  const [end, low, high] = [forecast?.expected.at(-1), forecast?.low.at(-1), forecast?.high.at(-1)]
  if (end === undefined) return 'Too few events failed lately to say how it goes on.'
  const range = low === undefined || high === undefined ? '' : `, between ${pointText(low)} and ${pointText(high)}`
  return `If it goes on like this: ${pointText(end)}${range}.`
}

function pointText({ at, value }: ForecastPoint): string {
  const moment = new Date(at * 1_000).toISOString().slice(0, 16).replace('T', ' ')
  return value <= 0 ? `spent on ${moment} UTC` : `${budgetText(value)} on ${moment} UTC`
}

/** What would be left if a calendar window's budget were spent evenly; a rolling window has no end to spend it by. */
function evenSpending(slo: SloJson, scope: ScopeJson, times: readonly number[]): readonly ChartLine[] {
  const even = evenLine(slo, scope)
  return even === undefined ? [] : [{ name: 'spent evenly', kind: 'even', values: times.map(even) }]
}

function evenAhead(slo: SloJson, scope: ScopeJson, times: readonly number[], until: number) {
  const last = times[times.length - 1]
  const [from, to] = [evenLine(slo, scope)?.(last), evenLine(slo, scope)?.(until)]
  if (from == null || to == null || until <= last) return []
  return [
    {
      kind: 'even',
      points: [
        { at: last, value: from },
        { at: until, value: to },
      ],
    },
  ]
}

function evenLine({ window }: SloJson, { detail }: ScopeJson): ((at: number) => number | null) | undefined {
  if (detail === undefined || durationSeconds(window) !== undefined) return undefined
  const { start, lengthSeconds } = detail.budget
  return (at) => (at < start ? null : 1 - (at - start) / lengthSeconds)
}
