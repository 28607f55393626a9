import { type ChartLine, chartFigure } from './chart.ts'
import { type Child, h } from './dom.ts'
import { burnRateText, multipleText } from './figures.ts'
import type { BurnPointJson, IncidentJson, TimelineJson } from './incident-answers.ts'
import type { Scene } from './page.ts'
import { linearScale, logScale } from './scale.ts'
import type { SeverityRuleJson } from './slo-answers.ts'

/** Which moment of the chart is looked at. */
let cross: number | undefined

/** The burn rates of what fired, step by step; null where there is no line to draw. */
export function burnRatesSection({ burnRates, incident }: TimelineJson, scene: Scene): Child {
  if (scene.isNew) cross = undefined
  const rules = firedRules(incident)
  // Of a page that was a ticket first, the lines of the page: more than a few cannot be told apart.
  const windows = new Set(rules.flatMap(({ long, short }) => [long, short]))
  const shown = burnRates.filter(({ window }) => windows.has(window))
  if (shown.length < 2) return null
  const times = [...new Set(shown.map(({ at }) => at))].sort((a, b) => a - b)
  const lines = linesOf(shown, times, incident.slos.length > 1)
  const highest = Math.max(1, ...rules.map(({ burnRate }) => burnRate), ...shown.map(({ burnRate }) => burnRate ?? 0))
  const look = (index: number | undefined): void => {
    if (cross === index) return
    cross = index
    void scene.redraw()
  }
  const top = highest * 1.1
  const chart = chartFigure({
    title: 'Burn rate by scope and window',
    summary: `Up to ${burnRateText(highest)}.`,
    times,
    lines,
    levels: levelsOf(rules),
    scale: top > 100 ? logScale(0.1, top, multipleText) : linearScale(0, top, multipleText),
    text: burnRateText,
    cross,
    look,
  })
  return h(
    'section',
    { 'aria-labelledby': 'burn' },
    h(
      'h2',
      { id: 'burn' },
      'What burned',
      h('span', { class: 'about' }, ' over the windows of the rules that fired, in UTC'),
    ),
    h('div', { class: 'charts one' }, chart),
  )
}

/** The rules of an incident's own severity by which its alerts opened. */
function firedRules({ alerts, severity: own }: IncidentJson): readonly SeverityRuleJson[] {
  return alerts.flatMap(({ rule, severity }) =>
    rule === null || rule.burnRate === 0 || severity !== own ? [] : [{ ...rule, severity }],
  )
}

/** One line for each SLO, scope and window. */
function linesOf(points: readonly BurnPointJson[], times: readonly number[], areSeveral: boolean): ChartLine[] {
  const places = new Map(times.map((at, index) => [at, index]))
  const byLine = Map.groupBy(points, ({ slo, scope, window }) => `${areSeveral ? `${slo} ` : ''}${scope} ${window}`)
  return [...byLine].map(([name, own], index) => {
    const values = times.map((): number | null => null)
    for (const { at, burnRate } of own) values[places.get(at) ?? 0] = burnRate
    return { name, kind: `w${index % 5}`, values }
  })
}

/** One level for each threshold, however many rules have it. */
function levelsOf(rules: readonly SeverityRuleJson[]) {
  const levels = rules.map(({ burnRate, severity, long }) => {
    const name = `${severity} ${burnRateText(burnRate)} over ${long}`
    return [burnRate, { name, value: burnRate, kind: severity }] as const
  })
  return [...new Map(levels).values()]
}
