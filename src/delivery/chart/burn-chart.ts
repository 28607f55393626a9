import type { Notification, RegionReading } from '../../core/model/notification.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { formatBudget, formatBurnRate } from '../figures.ts'
import { historyWords } from '../history-words.ts'
import { brief, truncate } from '../plain-text.ts'
import { Canvas, textWidth } from './canvas.ts'
import { drawHistory, historyHeight } from './history-line.ts'
import { colours, layout } from './layout.ts'

/** A picture for a mail. */
export interface Chart {
  readonly png: Uint8Array
  /** The same in words, for who does not see it. */
  readonly alt: string
  /** In CSS pixels; the picture has twice as many, for fine screens. */
  readonly width: number
  readonly height: number
}

/** Regions drawn, the worst first: more would be a wall. */
const regionsDrawnMax = 8

/**
 * How it burned over the last hours, burn rates by region against the rule's threshold, and what is left of the budget; undefined
 * when there is nothing to draw.
 */
export function burnChart(notification: Notification): Chart | undefined {
  const regions = regionsOf(notification)
  if (regions.length === 0 || notification.data !== null) return undefined
  const { rule, budget, history } = notification
  const rows = regions.length + (budget.remaining === null ? 0 : 1)
  const top = history === undefined ? 0 : historyHeight
  const height =
    top + 2 * layout.margin + titleHeight + rows * layout.rowHeight + (budget.remaining === null ? 0 : layout.margin)
  const canvas = new Canvas(layout.width, height, Object.values(colours))
  if (history !== undefined) drawHistory(canvas, 0, history, notification)
  const title = `By region, over ${formatDuration(rule.shortMs)}`
  canvas.write(title, layout.margin, top + layout.margin, layout.dot, colours.faint)
  drawRegions(canvas, top, regions, rule.burnRate)
  if (budget.remaining !== null) drawBudget(canvas, budget.remaining, height)
  return { png: canvas.png(), alt: altOf(notification, regions), width: layout.width / 2, height: height / 2 }
}

const titleHeight = 56
const barLeft = layout.margin + layout.nameWidth
const barWidth = layout.width - barLeft - layout.valueWidth - layout.margin

function regionsOf({ regions, scope, short }: Notification): readonly RegionReading[] {
  if (regions.length === 0 && short.burnRate !== null) {
    return [{ region: scope, burnRate: short.burnRate, state: 'ok', share: null }]
  }
  return [...regions].sort((a, b) => (b.burnRate ?? -1) - (a.burnRate ?? -1)).slice(0, regionsDrawnMax)
}

function drawRegions(canvas: Canvas, from: number, regions: readonly RegionReading[], threshold: number): void {
  const full = Math.max(...regions.map(({ burnRate }) => burnRate ?? 0), threshold * 1.25, 1)
  const top = from + layout.margin + titleHeight
  for (const [index, { region, burnRate, state }] of regions.entries()) {
    const y = top + index * layout.rowHeight
    drawRow(canvas, y, {
      name: region,
      value: burnRate === null ? state.replace('-', ' ') : formatBurnRate(burnRate),
      share: (burnRate ?? 0) / full,
      colour: burnColour(burnRate ?? 0, threshold),
    })
  }
  if (threshold <= 0) return
  const x = barLeft + (threshold / full) * barWidth
  const bottom = top + regions.length * layout.rowHeight - (layout.rowHeight - layout.barHeight)
  canvas.paint({ x: x - 1, y: top - 8, width: 3, height: bottom - top + 16 }, colours.mark)
  const label = `threshold ${formatBurnRate(threshold)}`
  const labelLeft = Math.min(x - 1, layout.width - layout.margin - textWidth(label, layout.dot))
  canvas.write(label, labelLeft, from + layout.margin, layout.dot, colours.mark)
}

function burnColour(burnRate: number, threshold: number): string {
  if (threshold > 0 && burnRate >= threshold) return colours.bad
  return burnRate >= 1 ? colours.warm : colours.good
}

function drawBudget(canvas: Canvas, remaining: number, height: number): void {
  const share = Math.min(1, Math.max(0, remaining))
  const colour = share === 0 ? colours.bad : share < 0.25 ? colours.warm : colours.good
  const y = height - layout.margin - layout.rowHeight + (layout.rowHeight - layout.barHeight)
  drawRow(canvas, y, { name: 'budget left', value: formatBudget(remaining), share, colour })
}

interface Row {
  readonly name: string
  readonly value: string
  readonly share: number
  readonly colour: string
}

function drawRow(canvas: Canvas, y: number, { name, value, share, colour }: Row): void {
  const textTop = y + (layout.barHeight - 7 * layout.dot) / 2
  const charactersMax = Math.floor(layout.nameWidth / textWidth(' ', layout.dot)) - 1
  canvas.write(
    truncate(brief(name, 40), charactersMax).replace('…', '.'),
    layout.margin,
    textTop,
    layout.dot,
    colours.text,
  )
  canvas.paint({ x: barLeft, y, width: barWidth, height: layout.barHeight }, colours.track)
  const width = share > 0 ? Math.max(3, Math.min(1, share) * barWidth) : 0
  canvas.paint({ x: barLeft, y, width, height: layout.barHeight }, colour)
  canvas.write(value.slice(0, 10), barLeft + barWidth + 16, textTop, layout.dot, colours.text)
}

function altOf(notification: Notification, regions: readonly RegionReading[]): string {
  const { rule, budget } = notification
  const history = historyWords(notification)
  const before = history === '' ? '' : `Last 6h: ${history}. `
  const rates = regions.map(({ region, burnRate, state }) => {
    return `${brief(region, 40)} ${burnRate === null ? state : formatBurnRate(burnRate)}`
  })
  const left = budget.remaining === null ? '' : `; ${formatBudget(budget.remaining)} of the budget left`
  const threshold = rule.burnRate > 0 ? `, threshold ${formatBurnRate(rule.burnRate)}` : ''
  return `${before}Burn rate over ${formatDuration(rule.shortMs)}: ${rates.join(', ')}${threshold}${left}`
}
