import { type Child, h, s } from './dom.ts'
import { budgetText } from './figures.ts'
import type { TrendDayJson } from './wire.ts'

/** What is left of a budget as a bar, whose figure stands beside it. */
function budgetBar(remaining: number | null): Child {
  const filled = remaining === null ? 0 : Math.min(100, Math.max(0, remaining * 100))
  const level = remaining === null ? 'unknown' : remaining <= 0 ? 'spent' : remaining < 0.25 ? 'low' : 'enough'
  return s(
    'svg',
    { class: `bar ${level}`, viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('rect', { class: 'track', width: 100, height: 8 }),
    s('rect', { class: 'fill', width: filled.toFixed(1), height: 8 }),
  )
}

/** A bar and its figure. */
export function budgetFigure(remaining: number | null, why: string): Child {
  return h(
    'span',
    { class: 'budget', title: why },
    budgetBar(remaining),
    h('span', { class: 'percent' }, budgetText(remaining)),
  )
}

/** Days that burn faster than this are as high as the picture. */
const burnTop = 4

/** How the last days burned, one bar a day; the line is a burn rate of 1, a gap a day of which nothing is known. */
export function trendBars(days: readonly TrendDayJson[] | undefined): Child {
  if (days === undefined) return h('span', { class: 'missing', title: 'not asked for yet' }, '…')
  const known = days.flatMap(({ burnRate }) => (burnRate === null ? [] : [burnRate]))
  const over = known.filter((rate) => rate > 1).length
  const told =
    known.length === 0
      ? `${days.length} days: nothing was counted`
      : `${days.length} days: ${over} of ${known.length} with data burned faster than 1×, the worst ${Math.max(...known).toFixed(2)}×`
  const bars = days.map(({ burnRate }, index) => {
    if (burnRate === null) return null
    const height = Math.max(0.6, 20 * Math.sqrt(Math.min(burnRate, burnTop) / burnTop))
    const bar = { x: index * 3, y: (20 - height).toFixed(1), width: 2.2, height: height.toFixed(1) }
    return s('rect', { ...bar, class: burnRate > 1 ? 'over' : 'under' })
  })
  return s(
    'svg',
    {
      class: 'trend',
      viewBox: `0 0 ${days.length * 3} 20`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': told,
    },
    s('title', {}, told),
    bars,
    s('line', { class: 'one', x1: 0, x2: days.length * 3, y1: 10, y2: 10 }),
  )
}
