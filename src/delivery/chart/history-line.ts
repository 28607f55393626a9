import type { BurnHistory, Notification } from '../../core/model/notification.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { formatBurnRate } from '../figures.ts'
import { type Canvas, textWidth } from './canvas.ts'
import { colours, layout } from './layout.ts'

/** Height of the whole part, its title and times included. */
export const historyHeight = 364

const plot = { top: 88, height: 210, left: layout.margin + 110 } as const
const plotWidth = layout.width - plot.left - layout.margin
const lineThickness = 5

/** Burn rates of the last hours as a line, above the threshold in red; when it opened and what was changed stand beside it. */
export function drawHistory(
  canvas: Canvas,
  top: number,
  history: BurnHistory,
  { rule, firedAt, annotations, at }: Notification,
): void {
  const threshold = rule.burnRate
  const full = highestOf(history, threshold)
  const span = history.burnRates.length * history.stepMs
  const title = `Burn rate, last ${formatDuration(span)}`
  canvas.write(title, layout.margin, top + layout.margin, layout.dot, colours.faint)
  const base = top + plot.top + plot.height
  const yOf = (rate: number): number => base - (Math.min(rate, full) / full) * plot.height
  const xOf = (time: EpochMs): number => plot.left + ((time - history.from) / span) * plotWidth

  drawScale(canvas, yOf, full, threshold)
  drawLine(canvas, history, { yOf, base, threshold })
  const marks = [
    { name: 'opened', at: firedAt, colour: colours.mark },
    ...annotations.map((change) => ({ name: 'change', at: change.at, colour: colours.change })),
  ].filter((one) => one.at >= history.from && one.at <= history.from + span)
  for (const one of marks)
    canvas.paint({ x: xOf(one.at) - 1, y: top + plot.top, width: 3, height: plot.height }, one.colour)
  drawLegend(canvas, top, marks)
  drawTimes(canvas, base, history.from, at)
}

function highestOf({ burnRates }: BurnHistory, threshold: number): number {
  return Math.max(...burnRates.map((rate) => (rate !== null && Number.isFinite(rate) ? rate : 0)), threshold * 1.25, 1)
}

function drawScale(canvas: Canvas, yOf: (rate: number) => number, full: number, threshold: number): void {
  for (const rate of [0, full]) {
    canvas.paint({ x: plot.left, y: yOf(rate) - 1, width: plotWidth, height: 2 }, colours.track)
    label(canvas, rate === 0 ? '0' : formatBurnRate(full), yOf(rate), colours.faint)
  }
  if (threshold <= 0) return
  const y = yOf(threshold)
  for (let x: number = plot.left; x < plot.left + plotWidth; x += 16) {
    canvas.paint({ x, y: y - 1, width: 9, height: 3 }, colours.mark)
  }
  // Where the three are close, the threshold is read from the legend below.
  const isFree = Math.abs(y - yOf(0)) > 28 && Math.abs(y - yOf(full)) > 28
  if (isFree) label(canvas, formatBurnRate(threshold), y, colours.mark)
}

function label(canvas: Canvas, text: string, y: number, colour: string): void {
  const short = text.slice(0, 6)
  const left = plot.left - 12 - textWidth(short, layout.dot)
  canvas.write(short, left, y - (7 * layout.dot) / 2, layout.dot, colour)
}

interface Mark {
  readonly name: string
  readonly at: EpochMs
  readonly colour: string
}

/** What the upright lines are: the newest change and the opening, from the right, beside the title. */
function drawLegend(canvas: Canvas, top: number, marks: readonly Mark[]): void {
  let right = layout.width - layout.margin
  for (const { name, at, colour } of marks.slice(0, 2)) {
    const text = `${name} ${clockTime(at)}`
    right -= textWidth(text, layout.dot)
    canvas.write(text, right, top + layout.margin, layout.dot, colour)
    right -= layout.margin
  }
}

function clockTime(at: EpochMs): string {
  return new Date(at).toISOString().slice(11, 16)
}

interface LineWorld {
  readonly yOf: (rate: number) => number
  readonly base: number
  readonly threshold: number
}

/** Column by column, so that the line has no gap where it is steep; where nothing is known there is none. */
function drawLine(canvas: Canvas, { burnRates }: BurnHistory, { yOf, base, threshold }: LineWorld): void {
  const rateOf = (column: number) => rateAt(burnRates, (column / plotWidth) * burnRates.length - 0.5)
  const isOverThreshold = (rate: number): boolean => threshold > 0 && rate >= threshold
  for (let column = 0; column < plotWidth; column++) {
    const rate = rateOf(column)
    if (rate === null) continue
    const y = yOf(rate)
    const colour = isOverThreshold(rate) ? colours.overFill : colours.fill
    canvas.paint({ x: plot.left + column, y, width: 1, height: base - y }, colour)
  }
  let before: number | null = null
  for (let column = 0; column < plotWidth; column++) {
    const rate = rateOf(column)
    if (rate === null) {
      before = null
      continue
    }
    const y = yOf(rate)
    const from: number = Math.min(y, before ?? y)
    const isOver = isOverThreshold(rate)
    const x = plot.left + column
    const height = Math.abs(y - (before ?? y)) + lineThickness
    const stroke = { x: x - lineThickness / 2, y: from - lineThickness / 2, width: lineThickness, height }
    canvas.paint(stroke, isOver ? colours.bad : colours.line)
    before = y
  }
}

/** Between the middles of two steps it is straight; beside one without events nothing is made up. */
function rateAt(burnRates: readonly (number | null)[], place: number): number | null {
  const left = Math.floor(place)
  const first = burnRates[Math.max(0, left)] ?? null
  const second = burnRates[Math.min(burnRates.length - 1, left + 1)] ?? null
  if (first === null || second === null) return burnRates[Math.min(burnRates.length - 1, Math.round(place))] ?? null
  return first + (second - first) * (place - left)
}

function drawTimes(canvas: Canvas, base: number, from: EpochMs, to: EpochMs): void {
  const middle = from + (to - from) / 2
  for (const [time, share] of [
    [from, 0],
    [middle, 0.5],
    [to, 1],
  ] as const) {
    const text = `${clockTime(time)}${share === 1 ? ' UTC' : ''}`
    const x = plot.left + share * (plotWidth - textWidth(text, layout.dot))
    canvas.write(text, x, base + 14, layout.dot, colours.faint)
  }
}
