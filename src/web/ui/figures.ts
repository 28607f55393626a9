import type { BurnRate, DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import { dayMs, hourMs, minuteMs, secondMs } from '../../core/model/units.ts'
import { type Html, html } from './html.ts'

/** What stands where nothing is known; `why` is its explanation. */
export function missing(why: string): Html {
  return html`<span class="missing" title="${why}">—</span>`
}

/**
 * A share of good events in percent, with two digits more than the objective has, and never rounded up: 100 % means that
 * not one event was bad.
 */
export function sliText(sli: Ratio, objective: Ratio): string {
  const digits = decimalsOf(objective * 100) + 2
  const scale = 10 ** digits
  // The product is one unit in the last place off at most, which must not cost a whole step downwards.
  const cut = Math.floor(sli * 100 * scale * (1 + Number.EPSILON)) / scale
  return `${(sli < 1 && cut >= 100 ? 100 - 1 / scale : cut).toFixed(digits)} %`
}

/** The objective as it was written: `99.9 %`. */
export function objectiveText(objective: Ratio): string {
  return `${Number((objective * 100).toPrecision(12))} %`
}

/** A share of the error budget with one decimal; the sign tells what is overspent. */
export function budgetText(remaining: Ratio): string {
  return `${withSign((remaining * 100).toFixed(1))} %`
}

/** A burn rate with about three digits: `0.04×`, `14.4×`, `1,000×`. */
export function burnRateText(burnRate: BurnRate): string {
  if (burnRate > 0 && burnRate < 0.005) return '<0.01×'
  const digits = burnRate < 9.995 ? 2 : burnRate < 99.95 ? 1 : 0
  return `${burnRate.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}×`
}

/** A number of events: `1,204` or `8.64 M`. */
export function countText(count: number): string {
  const format =
    count < 1e6 ? { maximumFractionDigits: 0 } : ({ notation: 'compact', maximumFractionDigits: 2 } as const)
  return count.toLocaleString('en-US', format)
}

/** How long ago something was, in its largest unit: `4 min`. */
export function agoText(elapsedMs: DurationMs): string {
  const elapsed = Math.max(0, elapsedMs)
  if (elapsed < minuteMs) return `${Math.floor(elapsed / secondMs)} s`
  if (elapsed < hourMs) return `${Math.floor(elapsed / minuteMs)} min`
  if (elapsed < 2 * dayMs) return `${Math.floor(elapsed / hourMs)} h`
  return `${Math.floor(elapsed / dayMs)} d`
}

/** A moment in UTC, without the date when it is the day of `now`. */
export function momentText(at: EpochMs, now: EpochMs): string {
  const text = new Date(at).toISOString()
  const time = text.slice(11, 19)
  return text.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${text.slice(0, 10)} ${time}`
}

/** A moment for people and programs alike. */
export function moment(at: EpochMs, now: EpochMs): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${momentText(at, now)}</time>`
}

function decimalsOf(percent: number): number {
  const text = String(Number(percent.toPrecision(12)))
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

function withSign(digits: string): string {
  return digits.startsWith('-') ? `−${digits.slice(1)}` : digits
}
