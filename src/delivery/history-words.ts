import type { BudgetReading, BurnHistory, Notification } from '../core/model/notification.ts'
import type { BurnRate } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { formatBurnRate, formatSpan } from './figures.ts'

/** From nothing to the highest of what is shown. */
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
/** What was not seen, or had no events. */
const nothingSeen = '·'
/** What fits into one line beside the name of a fact, on a phone. */
const barsMax = 18

/** How it burned lately, in one line that every receiver can show: `▁▁▁▂▅█ 20m each, 91× at most`; empty where nothing is known. */
export function historyWords({ history }: Pick<Notification, 'history'>): string {
  if (history === undefined || history.burnRates.length === 0) return ''
  const { rates, stepMs } = coarser(history)
  const highest = Math.max(...rates.map((rate) => rate ?? 0))
  if (rates.every((rate) => rate === null)) return ''
  const line = rates.map((rate) => barOf(rate, highest)).join('')
  return `${line} ${formatDuration(stepMs)} each, ${formatBurnRate(highest)} at most`
}

/** Several steps as one, of which the worst is shown: a peak must not vanish. */
function coarser({ burnRates, stepMs }: BurnHistory): {
  readonly rates: readonly (BurnRate | null)[]
  readonly stepMs: number
} {
  const together = Math.ceil(burnRates.length / barsMax)
  const rates = Array.from({ length: Math.ceil(burnRates.length / together) }, (_, index) => {
    const part = burnRates.slice(index * together, (index + 1) * together).filter((rate) => rate !== null)
    return part.length === 0 ? null : Math.max(...part)
  })
  return { rates, stepMs: together * stepMs }
}

function barOf(rate: BurnRate | null, highest: BurnRate): string {
  if (rate === null) return nothingSeen
  const share = highest > 0 && Number.isFinite(highest) ? Math.min(1, rate / highest) : 0
  return bars[Math.round(share * (bars.length - 1))]
}

/** Traffic beside what is usual: `812 requests/s, usually 790`; empty where it is not known. */
export function trafficWords({ traffic }: Pick<Notification, 'traffic'>): string {
  if (traffic === undefined) return ''
  const { perSecond, usualPerSecond } = traffic
  const usual = usualPerSecond === null ? '' : `, usually ${perSecondText(usualPerSecond)}`
  return `${perSecondText(perSecond)} requests/s${usual}`
}

function perSecondText(perSecond: number): string {
  if (perSecond >= 10) return Math.round(perSecond).toLocaleString('en-US')
  return String(Number(perSecond.toPrecision(2)))
}

/** Between what the budget lasts, where that is known: `likely gone in 3h50m to 7h10m`. */
export function exhaustionWords({ exhaustion }: Pick<BudgetReading, 'exhaustion'>): string {
  if (exhaustion === undefined) return ''
  const { lowMs, highMs } = exhaustion
  if (lowMs === null) return ''
  const low = formatSpan(lowMs)
  if (highMs === null) return `${low} at the earliest`
  const high = formatSpan(highMs)
  return low === high ? `likely ${low}` : `likely ${low} to ${high}`
}
