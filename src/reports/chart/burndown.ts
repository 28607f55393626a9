import type { Ratio } from '../../core/model/units.ts'
import type { SloLine } from '../model/report.ts'
import { formatShare } from '../page/figures.ts'
import { dateOf, type ReportPeriod } from '../period/read-period.ts'
import { type Chart, type Point, rounded, type Shape } from './shapes.ts'

const [width, height] = [240, 112]
const plot = { left: 4, right: 236, top: 8, bottom: 92 }

/** What is left of a budget over a period, beside the even pace that would spend all of it; undefined where nothing was counted. */
export function burndownChart({ id, burndown }: SloLine, { from, to, timeZone }: ReportPeriod): Chart | undefined {
  const known = burndown.flatMap(({ at, remaining }) => (remaining === null ? [] : [{ at, remaining }]))
  if (known.length < 2) return undefined
  const lowest = Math.min(-0.1, ...known.map(({ remaining }) => remaining))
  const floor = Math.max(-3, lowest)
  const x = (at: number) => rounded(plot.left + ((at - from) / (to - from)) * (plot.right - plot.left))
  const y = (remaining: Ratio) => {
    const share = (1 - Math.max(floor, remaining)) / (1 - floor)
    return rounded(plot.top + share * (plot.bottom - plot.top))
  }
  const points: Point[] = known.map(({ at, remaining }) => ({ x: x(at), y: y(remaining) }))
  const last = points[points.length - 1]
  const { remaining: left } = known[known.length - 1]
  const isSpent = left < 0
  const shapes: Shape[] = [
    { kind: 'area', points: [{ x: plot.left, y: y(0) }, ...points, { x: last.x, y: y(0) }] },
    line(
      [
        { x: plot.left, y: y(0) },
        { x: plot.right, y: y(0) },
      ],
      'guide',
      false,
      0.8,
    ),
    line(
      [
        { x: plot.left, y: y(1) },
        { x: plot.right, y: y(0) },
      ],
      'guide',
      true,
      0.8,
    ),
    line(points, isSpent ? 'bad' : 'line', false, 1.8),
    { kind: 'dot', at: last, ink: isSpent ? 'bad' : 'line' },
    { kind: 'label', at: { x: plot.left, y: 108 }, text: dateOf(from, timeZone), anchor: 'start' },
    { kind: 'label', at: { x: plot.right, y: 108 }, text: dateOf(to - 1, timeZone), anchor: 'end' },
  ]
  const text = `${formatShare(left)} left; lowest ${formatShare(Math.min(...known.map(({ remaining }) => remaining)))}`
  return { title: id, text, width, height, shapes }
}

function line(points: readonly Point[], ink: 'line' | 'guide' | 'bad', dashed: boolean, weight: number): Shape {
  return { kind: 'path', points, ink, dashed, weight }
}
