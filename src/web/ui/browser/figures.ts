import type { CountUnit } from './wire.ts'

/** What stands where nothing is known. */
export const unknown = '—'

/** Made once: making one takes a hundred times as long as using it. */
const wholeFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const smallFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const largeFormat = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 })
const burnFormats = [0, 1, 2].map((digits) => {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
})

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365.25 * day

/**
 * A share of good events in percent, with two digits more than the objective has, and never rounded up: 100 % means that
 * not one event was bad.
 */
export function sliText(sli: number | null, objective: number): string {
  if (sli === null) return unknown
  const digits = decimalsOf(objective * 100) + 2
  const scale = 10 ** digits
  // The product is one unit in the last place off at most, which must not cost a whole step downwards.
  const cut = Math.floor(sli * 100 * scale * (1 + Number.EPSILON)) / scale
  return `${(sli < 1 && cut >= 100 ? 100 - 1 / scale : cut).toFixed(digits)} %`
}

/** The objective as it was written: `99.9 %`. */
export function objectiveText(objective: number): string {
  return `${Number((objective * 100).toPrecision(12))} %`
}

/** A share of the error budget with one decimal; the sign tells what is overspent. */
export function budgetText(remaining: number | null): string {
  return remaining === null ? unknown : `${withSign((remaining * 100).toFixed(1))} %`
}

/** A share with as many decimals as matter: `62 %`, `0.4 %`; what is not nothing never reads like it. */
export function shareText(share: number | null): string {
  if (share === null) return unknown
  const percent = share * 100
  if (percent > 0 && percent < 0.05) return '<0.1 %'
  return `${withSign(percent.toFixed(Math.abs(percent) < 10 && percent !== 0 ? 1 : 0))} %`
}

/** A burn rate with about three digits: `0.04×`, `14.4×`, `1,000×`. */
export function burnRateText(burnRate: number | null): string {
  if (burnRate === null) return unknown
  if (burnRate > 0 && burnRate < 0.005) return '<0.01×'
  const digits = burnRate < 9.995 ? 2 : burnRate < 99.95 ? 1 : 0
  return `${burnFormats[digits].format(burnRate)}×`
}

/** A burn rate beside an axis: `0.1×`, `20×`. */
export function multipleText(burnRate: number): string {
  return `${Number(burnRate.toPrecision(2)).toLocaleString('en-US')}×`
}

/** A number of events: `1,204` or `8.64M`. */
export function countText(count: number | null): string {
  if (count === null) return unknown
  const size = Math.abs(count)
  const format = size >= 1e6 ? largeFormat : size < 10 && !Number.isInteger(count) ? smallFormat : wholeFormat
  return withSign(format.format(count))
}

/** A number of events, or how long those are that judge time: `1,204`, `43 min`; points mean nothing by themselves. */
export function amountText(count: number | null, { unit, secondsEach }: CountUnit): string {
  if (count === null || unit === 'points') return unknown
  if (secondsEach === null) return countText(count)
  return withSign(`${count < 0 ? '-' : ''}${spanText(Math.abs(count) * secondsEach)}`)
}

/** Events a second with two or three digits: `338`, `2.5`, `0.02`. */
export function rateText(perSecond: number): string {
  if (perSecond >= 100) return countText(Math.round(perSecond))
  return String(Number(perSecond.toPrecision(2)))
}

/** `1 page`, `2 pages`. */
export function plural(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`
}

/** A time span in its largest unit: `4 min`. */
export function spanText(seconds: number): string {
  const elapsed = Math.max(0, seconds)
  if (elapsed < minute) return `${Math.floor(elapsed)} s`
  if (elapsed < hour) return `${Math.floor(elapsed / minute)} min`
  if (elapsed < 2 * day) return `${Math.floor(elapsed / hour)} h`
  if (elapsed < 2 * year) return `${Math.floor(elapsed / day)} d`
  return `${countText(Math.floor(elapsed / year))} y`
}

/** A time span that somebody may have measured, or not. */
export function spanOrUnknown(seconds: number | null): string {
  return seconds === null ? unknown : spanText(seconds)
}

/** A moment in UTC, without the date when it is the day of `now`. */
export function momentText(at: number, now: number): string {
  const text = new Date(at * 1_000).toISOString()
  const time = text.slice(11, 19)
  return text.slice(0, 10) === new Date(now * 1_000).toISOString().slice(0, 10) ? time : `${text.slice(0, 10)} ${time}`
}

/** `2026-11-21T12:00:15Z`, for programs and forms. */
export function instantText(at: number): string {
  return `${new Date(Math.round(at) * 1_000).toISOString().slice(0, 19)}Z`
}

/** Seconds of a Prometheus duration; undefined when it is none. */
export function durationSeconds(text: string): number | undefined {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (match === null || text === '') return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  return days * day + hours * hour + minutes * minute + seconds
}

/** The SLO window that figures are of: `30d`, or `this month` where it is of the calendar. */
export function windowText(window: string): string {
  return durationSeconds(window) === undefined ? `this ${window}` : window
}

/** For what an objective holds: `over 30d`, or `each month`. */
export function periodText(window: string): string {
  return durationSeconds(window) === undefined ? `each ${window}` : `over ${window}`
}

function decimalsOf(percent: number): number {
  const text = String(Number(percent.toPrecision(12)))
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

function withSign(digits: string): string {
  return digits.startsWith('-') ? `−${digits.slice(1)}` : digits
}
