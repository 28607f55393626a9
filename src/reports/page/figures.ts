import { DateTime } from 'luxon'
import { type DurationMs, dayMs, type EpochMs, hourMs, minuteMs, type Ratio } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'

/** What is written for a number nobody knows; never 0. */
export const unknown = '—'

/** A share with one decimal, never broken before its sign: `61.3 %`; a true minus sign where it is overspent. */
export function formatShare(ratio: Ratio | null): string {
  if (ratio === null) return unknown
  const percent = Math.abs(ratio) * 100
  const text = percent >= 1_000 ? formatCount(percent) : percent.toFixed(1)
  return `${ratio < 0 && Number(text) !== 0 ? '−' : ''}${text}\u00a0%`
}

/**
 * A good share with two decimals more than its objective, cut off and never rounded up: what is below an objective must not
 * read like it.
 */
export function formatAttained(sli: Ratio | null, objective: Ratio): string {
  if (sli === null) return unknown
  const decimals = Math.min(7, decimalsOf(objective) + 2)
  const scale = 10 ** decimals
  return `${(Math.floor(sli * 100 * scale + 1e-6) / scale).toFixed(decimals)}\u00a0%`
}

/** An objective as it was written: `99.95 %`. */
export function formatObjective(ratio: Ratio): string {
  return `${Number((ratio * 100).toPrecision(10))}\u00a0%`
}

/** `53,200`; a part of an event only where there is not one whole. */
export function formatCount(count: number): string {
  const rounded = Math.abs(count) < 1 && count !== 0 ? Number(count.toFixed(2)) : Math.round(count)
  return grouped(rounded)
}

/** `12.3 million`, for sentences. */
export function formatLarge(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} billion`
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} million` : formatCount(count)
}

/** `1,200 EUR`. */
export function formatMoney(amount: number | null, currency: string): string {
  if (amount === null) return unknown
  return `${amount > 0 && amount < 100 ? amount.toFixed(2) : grouped(Math.round(amount))} ${currency}`
}

/** `+0.4` and so on, in percentage points; "" where one side is not known. */
export function formatChange(now: Ratio | null, before: Ratio | null, decimals = 1): string {
  if (now === null || before === null) return ''
  const change = (now - before) * 100
  const text = Math.abs(change).toFixed(decimals)
  return Number(text) === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${text} points`
}

/** `+3`, `−1` or `unchanged`. */
export function formatDifference(now: number, before: number): string {
  const change = Math.round(now) - Math.round(before)
  return change === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${grouped(Math.abs(change))}`
}

/** A span as a person says it, two units at most: `2d3h`. */
export function formatSpan(duration: DurationMs | null): string {
  if (duration === null) return unknown
  const unit = duration >= dayMs ? hourMs : duration >= 10 * minuteMs ? minuteMs : 1_000
  return formatDuration(Math.round(duration / unit) * unit)
}

/** `2026-10-03 14:05` on the clocks of a zone. */
export function formatTime(at: EpochMs, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: 'en-US' }).toFormat('yyyy-MM-dd HH:mm')
}

/** `1 incident`, `2 incidents`. */
export function plural(count: number, word: string): string {
  return `${grouped(count)} ${word}${count === 1 ? '' : 's'}`
}

function decimalsOf(objective: Ratio): number {
  const text = String(Number((objective * 100).toPrecision(10)))
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 1
}

function grouped(value: number): string {
  const [whole, rest] = String(Math.abs(value)).split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest === undefined ? '' : `.${rest}`)
  return value < 0 ? `−${text}` : text
}

/** What objectives of many SLOs ask for together, with two digits of the budget that count. */
export function roundedObjective(objective: Ratio | null): Ratio {
  return objective === null ? 0.999 : Number((1 - Number((1 - objective).toPrecision(2))).toPrecision(12))
}
