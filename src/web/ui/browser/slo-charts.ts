import { type Chart, type ChartLevel, type ChartLine, chartFigure } from './chart.ts'
import { chartSpans, spanLegend } from './chart-spans.ts'
import { type Child, h } from './dom.ts'
import {
  amountText,
  budgetText,
  burnRateText,
  countText,
  durationSeconds,
  multipleText,
  objectiveText,
  sliText,
  unknown,
  windowText,
} from './figures.ts'
import { linearScale, logScale } from './scale.ts'
import { budgetChart } from './slo-budget-chart.ts'
import type { ChartFrame, SloChartsParts } from './slo-charts-parts.ts'

/** Budget, burn rates, SLI and events, one under the other, with one crosshair through all. */
export function sloCharts(parts: SloChartsParts): Child {
  const { history, cross, look } = parts
  const frame: ChartFrame = { times: history.points.map(({ at }) => at), cross, look, spans: chartSpans(parts) }
  if (frame.times.length < 2) return h('p', { class: 'none' }, 'Too little was evaluated to draw a line.')
  return [
    h(
      'div',
      { class: 'charts' },
      chartFigure(budgetChart(parts, frame)),
      chartFigure(burnChart(parts, frame)),
      chartFigure(sliChart(parts, frame)),
      chartFigure(eventsChart(parts, frame)),
    ),
    spanLegend(),
    valueTable(parts),
  ]
}

function burnChart({ slo, history, isLog }: SloChartsParts, frame: ChartFrame): Chart {
  const longs = new Set(slo.rules.map(({ long }) => long))
  const lines: ChartLine[] = history.windows.flatMap((window, index) => {
    if (!longs.has(window)) return []
    return [
      {
        name: window,
        kind: `w${[...longs].indexOf(window) % 5}`,
        values: history.points.map(({ burnRates }) => burnRates[index]),
      },
    ]
  })
  const levels: ChartLevel[] = slo.rules.map(({ severity, long, burnRate }) => {
    return { name: `${severity} ${burnRateText(burnRate)} over ${long}`, value: burnRate, kind: severity }
  })
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null))
  const least = Math.min(...levels.map(({ value }) => value), Number.MAX_VALUE)
  const high = Math.max(1.2, least * 1.2, ...known) * 1.05
  const worst = known.length === 0 ? unknown : burnRateText(Math.max(...known))
  return {
    ...frame,
    title: 'Burn rate by window',
    summary: `The highest is ${worst}.`,
    lines,
    levels,
    scale: isLog ? logScale(0.01, high, multipleText) : linearScale(0, high, multipleText),
    text: burnRateText,
  }
}

function sliChart({ slo, history, below: bound }: SloChartsParts, frame: ChartFrame): Chart {
  const { objective } = history
  const values = history.points.map(({ sli }) => sli)
  const known = values.filter((value) => value !== null)
  const low = Math.min(1 - (1 - objective) * 2, ...known)
  const below = values.map((value) => (value !== null && value < objective ? value : null))
  return {
    ...frame,
    title: `${bound === null ? 'Good events' : `Events within ${bound}`}, ${windowText(slo.window)}`,
    summary: `${below.filter((value) => value !== null).length} of ${known.length} moments are below the objective.`,
    lines: [
      { name: 'good', kind: 'good', values },
      { name: 'below the objective', kind: 'below', values: below },
    ],
    levels: [{ name: `objective ${objectiveText(objective)}`, value: objective, kind: 'limit' }],
    scale: linearScale(low, 1, objectiveText),
    text: (value) => sliText(value, objective),
  }
}

function eventsChart({ slo, history, isLog }: SloChartsParts, frame: ChartFrame): Chart {
  const text = (count: number | null) => (slo.unit === 'points' ? countText(count) : amountText(count, slo))
  const totals = history.points.map(({ total }) => total)
  const bads = history.points.map(({ bad }) => bad)
  const high = Math.max(1, ...totals.filter((value) => value !== null)) * 1.05
  const step = spanOf(history.stepSeconds)
  return {
    ...frame,
    title: `${slo.secondsEach === null ? 'Events' : 'Time judged'}, each ${step}`,
    summary: `${text(sum(bads))} bad of ${text(sum(totals))} in all.`,
    lines: [],
    bars: [
      { name: 'all', kind: 'total', values: totals },
      { name: 'bad', kind: 'bad', values: bads },
    ],
    scale: isLog ? logScale(0.5, high, text) : linearScale(0, high, text),
    text,
  }
}

/** The same values for those who read tables better than lines. */
function valueTable({ slo, history, redraw }: SloChartsParts): Child {
  // Filled only while somebody looks at it: it is a thousand cells.
  const isOpen = document.querySelector('details.values')?.hasAttribute('open') === true
  const { points, windows, objective } = history
  const head = ['UTC', 'Budget left', 'Good', ...windows.map((window) => `Burn ${window}`), 'Bad', 'All', 'Seen']
  const rows = (isOpen ? points.toReversed() : []).map(({ at, remaining, sli, burnRates, bad, total, seen }) => {
    const texts = [
      budgetText(remaining),
      sliText(sli, objective),
      ...burnRates.map(burnRateText),
      amountText(bad, slo),
      amountText(total, slo),
      `${Math.round(seen * 100)} %`,
    ]
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, new Date(at * 1_000).toISOString().slice(0, 19).replace('T', ' ')),
      texts.map((text) => h('td', { class: 'figure' }, text)),
    )
  })
  return h(
    'details',
    { class: 'values', toggle: redraw },
    h('summary', {}, 'The values as a table'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Values' },
      h(
        'table',
        { 'aria-label': 'Values over time' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            head.map((text) => h('th', { scope: 'col' }, text)),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
  )
}

/** The presets, and what they are called. */
export function chartRanges(lengthSeconds: number): readonly string[] {
  return ['window', ...['7d', '1d', '6h', '1h', '15m'].filter((range) => (durationSeconds(range) ?? 0) < lengthSeconds)]
}

function spanOf(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`
  if (seconds % 60 === 0) return `${seconds / 60}m`
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce((all: number, value) => all + (value ?? 0), 0)
}
