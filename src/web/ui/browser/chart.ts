import { aheadDrawing, type ChartAhead } from './chart-ahead.ts'
import { type Child, h, s } from './dom.ts'
import { axisTicks, type Scale, timeTicks } from './scale.ts'

/** One line of a chart; null is a gap. */
export interface ChartLine {
  readonly name: string
  readonly kind: string
  readonly values: readonly (number | null)[]
}

/** A level that lines are held against. */
export interface ChartLevel {
  readonly name: string
  readonly value: number
  readonly kind: string
}

/** A stretch of time that is shaded, or a moment where both ends are the same. */
export interface ChartSpan {
  readonly from: number
  readonly to: number
  readonly kind: 'page' | 'ticket' | 'change' | 'excluded' | 'unseen'
  readonly about: string
}

/** What a chart shows. All charts of a page share their moments, so that one crosshair goes through them. */
export interface Chart {
  readonly title: string
  /** What is seen at a glance, for those who do not see it. */
  readonly summary: string
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly bars?: readonly ChartLine[]
  readonly levels?: readonly ChartLevel[]
  readonly spans?: readonly ChartSpan[]
  /** What is forecast; the chart then reaches into the time to come. */
  readonly ahead?: ChartAhead
  readonly scale: Scale
  readonly text: (value: number | null) => string
  /** The moment that is looked at: an index of `times`. */
  readonly cross: number | undefined
  readonly look: (index: number | undefined) => void
}

const width = 640
const height = 190
const plot = { left: 58, right: 8, top: 12, bottom: 22 }
const inner = { width: width - plot.left - plot.right, height: height - plot.top - plot.bottom }

/** A chart as a figure with the values at the crosshair below its title. */
export function chartFigure(chart: Chart): Child {
  const { title, summary, times, cross, look, lines, bars = [] } = chart
  const at = cross === undefined ? times.length - 1 : Math.min(cross, times.length - 1)
  const keys = [...lines, ...bars].map(({ name, kind, values }) =>
    h(
      'span',
      { class: `key ${kind}` },
      h('i', { 'aria-hidden': 'true' }),
      ` ${name} `,
      h('b', {}, chart.text(values[at] ?? null)),
    ),
  )
  const coming = (chart.ahead?.lines ?? []).flatMap(({ kind, name, points }) => {
    const end = points.at(-1)
    if (name === undefined || end === undefined) return []
    return h(
      'span',
      { class: `key ${kind}` },
      h('i', { 'aria-hidden': 'true' }),
      ` ${name} `,
      h('b', {}, chart.text(end.value)),
    )
  })
  const svg = s(
    'svg',
    {
      class: 'chart',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      tabindex: 0,
      'aria-label': `${title}. ${summary} Left and right arrows move through time.`,
      pointermove: (event) => look(indexAt(event, times, endOf(chart))),
      pointerleave: () => look(undefined),
      keydown: (event) => stepCross(event, at, times.length, look),
    },
    drawing(chart),
  )
  const moment = h('span', { class: 'at' }, cross === undefined ? 'now' : momentOf(times[at]))
  return h('figure', {}, h('figcaption', {}, h('h3', {}, title), h('p', { class: 'keys' }, moment, keys, coming)), svg)
}

/** Where the chart ends: with what was measured, or later where something is forecast. */
function endOf({ times, ahead }: Chart): number {
  return Math.max(times[times.length - 1], ahead?.until ?? 0)
}

function drawing(chart: Chart): Child {
  const { times, lines, bars = [], levels = [], spans = [], ahead, scale, cross } = chart
  const [first, last] = [times[0], endOf(chart)]
  const x = (at: number) => plot.left + (last === first ? 1 : (at - first) / (last - first)) * inner.width
  const y = (value: number) => plot.top + (1 - scale.share(value)) * inner.height
  const shades = spans.map((span) => shade(span, Math.max(first, span.from), Math.min(last, span.to), x))
  const grid = axisTicks(scale).map(({ value, text }) => [
    s('line', { class: 'grid', x1: plot.left, x2: width - plot.right, y1: y(value), y2: y(value) }),
    s('text', { class: 'tick', x: plot.left - 6, y: y(value) + 3.5, 'text-anchor': 'end' }, text),
  ])
  const days = timeTicks(first, last).map(({ at, text }) =>
    s('text', { class: 'tick', x: x(at), y: height - 6, 'text-anchor': 'middle' }, text),
  )
  const barWidth = Math.max(1, inner.width / Math.max(1, times.length - 1) - 0.6)
  const columns = bars.flatMap(({ kind, values }) =>
    values.map((value, index) => bar(value, x(times[index]), barWidth, y, kind)),
  )
  const held = levelsDrawing(
    levels.filter(({ value }) => scale.holds(value)),
    y,
    ahead !== undefined,
  )
  const paths = lines.map(({ kind, values }) => s('path', { class: `line ${kind}`, d: pathOf(values, times, x, y) }))
  const crossX = cross === undefined ? undefined : x(times[Math.min(cross, times.length - 1)])
  const hair =
    crossX === undefined
      ? null
      : s('line', { class: 'cross', x1: crossX, x2: crossX, y1: plot.top, y2: height - plot.bottom })
  const edge = { top: plot.top, bottom: height - plot.bottom }
  const coming = ahead === undefined ? null : aheadDrawing(ahead, times[times.length - 1], x, y, edge)
  return [shades, grid, days, columns, held, coming, paths, hair]
}

/** Levels with their names; of those whose names would stand in one another the highest keeps its own, the others tell theirs to the pointer. */
function levelsDrawing(levels: readonly ChartLevel[], y: (value: number) => number, hasAhead: boolean): Child {
  const named = new Set(
    spacedOut(
      levels.map(({ value }) => value).sort((a, b) => b - a),
      y,
    ),
  )
  return levels.map(({ name, value, kind }) => {
    const at = y(value)
    const place = hasAhead
      ? { x: plot.left + 3, 'text-anchor': 'start' }
      : { x: width - plot.right - 3, 'text-anchor': 'end' }
    return [
      s(
        'line',
        { class: `level ${kind}`, x1: plot.left, x2: width - plot.right, y1: at, y2: at },
        s('title', {}, name),
      ),
      named.has(value)
        ? s('text', { class: `levelname ${kind}`, y: at < plot.top + 12 ? at + 11 : at - 3, ...place }, name)
        : null,
    ]
  })
}

const levelNameHeight = 11

/** Those of some values, the highest first, that lie a line of text apart. */
function spacedOut(values: readonly number[], y: (value: number) => number): readonly number[] {
  return values.reduce<readonly number[]>((kept, value) => {
    const above = kept.at(-1)
    return above === undefined || y(value) - y(above) >= levelNameHeight ? [...kept, value] : kept
  }, [])
}

function shade({ from, to, kind, about }: ChartSpan, first: number, last: number, x: (at: number) => number): Child {
  if (last < first) return null
  const place = { y: plot.top, height: inner.height }
  const wide = Math.max(from === to ? 1.5 : 2, x(last) - x(first))
  return s(
    'rect',
    { class: `span ${kind}`, x: x(first).toFixed(1), width: wide.toFixed(1), ...place },
    s('title', {}, about),
  )
}

function bar(value: number | null, x: number, wide: number, y: (value: number) => number, kind: string): Child {
  if (value === null || value <= 0) return null
  const top = y(value)
  const tall = height - plot.bottom - top
  return s('rect', {
    class: `column ${kind}`,
    x: (x - wide / 2).toFixed(1),
    width: wide.toFixed(1),
    y: top.toFixed(1),
    height: tall.toFixed(1),
  })
}

/** A gap in the data is a gap in the line. */
function pathOf(
  values: readonly (number | null)[],
  times: readonly number[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false
  return values
    .map((value, index) => {
      if (value === null) {
        isDrawing = false
        return ''
      }
      const isAlone = !isDrawing && (values[index + 1] ?? null) === null
      const move = isDrawing ? 'L' : 'M'
      isDrawing = true
      const place = `${x(times[index]).toFixed(1)} ${y(value).toFixed(1)}`
      return isAlone ? `M${place}h1.5` : `${move}${place}`
    })
    .join('')
}

function indexAt(event: Event, times: readonly number[], end: number): number | undefined {
  if (!(event instanceof PointerEvent) || !(event.currentTarget instanceof Element)) return undefined
  const box = event.currentTarget.getBoundingClientRect()
  const share = (((event.clientX - box.left) / box.width) * width - plot.left) / inner.width
  if (share < -0.02 || share > 1.02) return undefined
  const at = times[0] + share * (end - times[0])
  return times.reduce((best, time, index) => (Math.abs(time - at) < Math.abs(times[best] - at) ? index : best), 0)
}

function stepCross(event: Event, at: number, count: number, look: (index: number | undefined) => void): void {
  if (!(event instanceof KeyboardEvent)) return
  const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
  if (event.key === 'Escape') look(undefined)
  if (by === 0) return
  event.preventDefault()
  look(Math.min(count - 1, Math.max(0, at + by)))
}

function momentOf(at: number): string {
  return `${new Date(at * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
