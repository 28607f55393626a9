import type { SloLine } from '../model/report.ts'
import { formatShare } from '../page/figures.ts'
import { type Chart, type Point, rounded, type Shape } from './shapes.ts'

const [width, height, margin] = [64, 18, 3]

/** Budget left at the end of the last periods, with a line where it is spent; undefined with fewer than two that are known. */
export function sparkline({ trend }: SloLine): Chart | undefined {
  const values = trend.map(({ remaining }) => (remaining === null ? null : Math.max(-1, remaining)))
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return undefined
  const bottom = Math.min(0, ...known)
  const y = (value: number) => rounded(margin + ((1 - value) / (1 - bottom)) * (height - 2 * margin))
  const points: Point[] = values.flatMap((value, index) => {
    return value === null
      ? []
      : [{ x: rounded(margin + (index / (trend.length - 1)) * (width - 2 * margin)), y: y(value) }]
  })
  const last = points[points.length - 1]
  const shapes: Shape[] = [
    {
      kind: 'path',
      points: [
        { x: 0, y: y(0) },
        { x: width, y: y(0) },
      ],
      ink: 'guide',
      dashed: true,
      weight: 0.7,
    },
    { kind: 'path', points, ink: 'line', dashed: false, weight: 1.4 },
    { kind: 'dot', at: last, ink: (known.at(-1) ?? 0) < 0 ? 'bad' : 'line' },
  ]
  const text = trend.map(({ label, remaining }) => `${label} ${formatShare(remaining)}`).join(', ')
  return { title: 'budget left', text, width, height, shapes }
}
