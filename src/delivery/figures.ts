import {
  type BurnRate,
  type DurationMs,
  dayMs,
  type EpochMs,
  hourMs,
  minuteMs,
  type Ratio,
  secondMs,
} from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'

/** What is written for a number nobody knows; never 0. */
export const unknown = '—'

/**
 * A small share such as an error ratio: two digits that count (`9.1 %`, `0.10 %`), one decimal from 10 % on. What is not
 * all of it never reads `100 %`.
 */
export function formatShare(ratio: Ratio | null): string {
  if (ratio === null) return unknown
  const percent = ratio * 100
  if (percent === 0) return '0 %'
  if (percent < 0.0001) return '<0.0001 %'
  if (percent < 10) return `${percent.toPrecision(2)} %`
  return `${ratio < 1 ? Math.min(99.9, round(percent, 1)) : round(percent, 1)} %`
}

/** A share that was written by a person, such as an objective, as it was written: `99.95 %`. */
export function formatObjective(ratio: Ratio): string {
  return `${Number((ratio * 100).toPrecision(12))} %`
}

/** A part of the budget, one decimal: `61.3 %`. */
export function formatBudget(ratio: Ratio | null): string {
  return ratio === null ? unknown : `${(ratio * 100).toFixed(1)} %`
}

/** `91×`, `18.2×`, `0.042×`. */
export function formatBurnRate(burnRate: BurnRate | null): string {
  if (burnRate === null) return unknown
  if (burnRate >= 100) return `${Math.round(burnRate)}×`
  return `${burnRate >= 1 ? round(burnRate, 1) : Number(burnRate.toPrecision(2))}×`
}

/** Whole events with thousands set apart: `53,200`. Counters may hold fractions; a part of an event is not told. */
export function formatCount(events: number): string {
  return Math.round(events)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A time span as a person says it, two units at most and rounded down: `4h51m`, `12m`, `2d3h`. */
export function formatSpan(duration: DurationMs): string {
  const unit = duration >= dayMs ? hourMs : duration >= 10 * minuteMs ? minuteMs : secondMs
  return formatDuration(Math.max(0, Math.floor(duration / unit) * unit))
}

/** `2026-11-21 02:41 UTC`. */
export function formatTime(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
