import { burndownChart } from '../chart/burndown.ts'
import { sparkline } from '../chart/sparkline.ts'
import type { LineStatus, Report, SloLine } from '../model/report.ts'
import type { Block, Cell, Tone } from './blocks.ts'
import { formatAttained, formatChange, formatCount, formatObjective, formatShare, unknown } from './figures.ts'

/** Charts in one report: the worst SLOs; a page of a hundred small pictures is looked at by nobody. */
const chartsMax = 24

const columns = [
  { title: 'SLO', align: 'left', weight: 2.3 },
  { title: 'Status', align: 'left', weight: 0.9 },
  { title: 'Objective', align: 'right', weight: 0.9 },
  { title: 'Attained', align: 'right', weight: 1.1 },
  { title: 'Budget left', align: 'right', weight: 1.25 },
  { title: 'Worst region', align: 'left', weight: 1.2 },
  { title: 'Trend', align: 'left', weight: 0.9 },
  { title: 'Forecast', align: 'right', weight: 1.4 },
] as const

/** Every SLO, worst first. */
export function sloSection(report: Report): readonly Block[] {
  const { isFinished, compare } = report
  const forecast = isFinished
    ? 'the budget left at the end of the next period'
    : 'the budget left at the end of this period'
  return [
    { kind: 'heading', text: 'Objectives, worst first', startsPage: true },
    {
      kind: 'table',
      table: {
        caption: `Trend: budget left over six periods, this one last. Forecast: ${forecast} if the last fourteen days go on; nine chances in ten lie in the range.`,
        look: 'plain',
        columns,
        rows: report.slos.map((line) => rowOf(line, compare)),
      },
    },
  ]
}

/** How each budget was spent. */
export function burndownSection({ slos, period, isFinished }: Report): readonly Block[] {
  const charts = slos.slice(0, chartsMax).flatMap((line) => burndownChart(line, period) ?? [])
  if (charts.length === 0) return []
  const rest = slos.length > chartsMax ? ` The ${chartsMax} worst are shown.` : ''
  const whole = isFinished ? '' : ' of the whole period, with the events that are expected still'
  return [
    { kind: 'heading', text: 'How the budgets were spent', startsPage: false },
    {
      kind: 'text',
      text: `Budget left${whole}, day by day. The dashed line is an even pace; below the solid line the budget is spent.${rest}`,
    },
    { kind: 'charts', charts },
  ]
}

/** What each status is called. */
const statusWords: Readonly<Record<LineStatus, string>> = {
  missed: '✗\u00a0missed',
  'at-risk': '!\u00a0at\u00a0risk',
  met: '✓\u00a0met',
  unknown: 'no\u00a0data',
}

const statusTones: Readonly<Record<LineStatus, Tone>> = {
  missed: 'bad',
  'at-risk': 'warn',
  met: 'good',
  unknown: 'none',
}

function rowOf(line: SloLine, compare: boolean): readonly Cell[] {
  const { judged, before, forecast, judgedScope } = line
  const left = judged.remaining === null ? unknown : `${formatCount(judged.allowed - judged.bad)} ${line.unit}`
  const change = compare ? formatChange(judged.remaining, before.remaining) : ''
  // Points mean nothing to anybody.
  const notes = [line.unit === 'points' ? '' : left, change].filter((note) => note !== '')
  const trend = sparkline(line)
  return [
    {
      text: line.id,
      note: `${line.service} · ${line.owner}${line.members.length > 0 ? ` · made of ${line.members.join(', ')}` : ''}${judgedScope === 'global' ? '' : ` · judged by ${judgedScope}`}`,
    },
    { text: statusWords[line.status], tone: statusTones[line.status] },
    { text: formatObjective(judged.objective) },
    {
      text: formatAttained(judged.sli, judged.objective),
      note: judged.coverage < 0.999 ? `${formatShare(judged.coverage)} seen` : '',
    },
    { text: formatShare(judged.remaining), note: notes.join('; ') },
    worstOf(line),
    trend === undefined ? { text: unknown } : { text: '', chart: trend },
    {
      text: formatShare(forecast.expected),
      note:
        forecast.low === null || forecast.high === null
          ? ''
          : `${formatShare(forecast.low)} to ${formatShare(forecast.high)}`,
    },
  ]
}

function worstOf({ worstRegion, regions }: SloLine): Cell {
  const worst = regions.find(({ region }) => region === worstRegion)
  return worst === undefined
    ? { text: unknown }
    : { text: worst.region, note: `${formatShare(worst.reading.remaining)} left` }
}
