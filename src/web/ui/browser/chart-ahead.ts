import { type Child, s } from './dom.ts'

/** A point of a line that goes on after what was measured. */
export interface AheadPoint {
  readonly at: number
  readonly value: number
}

/** What a chart shows of the time to come. */
export interface ChartAhead {
  /** Where the chart ends. */
  readonly until: number
  /** Those with a name stand in the legend, with what they end in. */
  readonly lines: readonly { readonly kind: string; readonly name?: string; readonly points: readonly AheadPoint[] }[]
  /** The lower and the upper edge between which it probably lies; empty where that is not known. */
  readonly low: readonly AheadPoint[]
  readonly high: readonly AheadPoint[]
}

/** The time to come: where now is, the range, and the lines in it. */
export function aheadDrawing(
  { lines, low, high }: ChartAhead,
  now: number,
  x: (at: number) => number,
  y: (value: number) => number,
  edge: { readonly top: number; readonly bottom: number },
): Child {
  const place = ({ at, value }: AheadPoint) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`
  const range = low.length > 0 && high.length > 0 ? [...low, ...levelled(high, low).toReversed()] : []
  return [
    s('line', { class: 'now', x1: x(now), x2: x(now), y1: edge.top, y2: edge.bottom }),
    range.length === 0 ? null : s('path', { class: 'range', d: `M${range.map(place).join('L')}Z` }),
    lines
      .filter(({ points }) => points.length > 0)
      .map(({ kind, points }) => s('path', { class: `line ${kind}`, d: `M${points.map(place).join('L')}` })),
  ]
}

/** The upper edge with the lower one's end beneath it: what is spent by then stays spent. */
function levelled(high: readonly AheadPoint[], low: readonly AheadPoint[]): readonly AheadPoint[] {
  const [last, lowest] = [high[high.length - 1], low[low.length - 1]]
  return lowest.at < last.at ? [...high, { at: last.at, value: lowest.value }] : high
}
