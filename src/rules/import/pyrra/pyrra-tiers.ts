import type { Severity } from '../../../core/model/slo.ts'
import { type DurationMs, minuteMs } from '../../../core/model/units.ts'

/** One of the four alerts that Pyrra makes for an SLO. */
export interface PyrraTier {
  /** Its key under alerting.severities. */
  readonly key: 'fastBurn' | 'mediumBurn' | 'slowBurn' | 'longTermBurn'
  readonly severity: Severity
  readonly burnRate: number
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  /** How long the condition holds before it alerts. */
  readonly forMs: DurationMs
}

const tiers = [
  { key: 'fastBurn', severity: 'page', burnRate: 14, long: 672, short: 8_064, hold: 20_160 },
  { key: 'mediumBurn', severity: 'page', burnRate: 7, long: 112, short: 1_344, hold: 2_688 },
  { key: 'slowBurn', severity: 'ticket', burnRate: 2, long: 28, short: 336, hold: 672 },
  { key: 'longTermBurn', severity: 'ticket', burnRate: 1, long: 7, short: 112, hold: 224 },
] as const

/**
 * Pyrra's alerts for a window: parts of it rounded to whole minutes, halves up. A window of less than three days has
 * parts that round to nothing, with which Pyrra makes rules that Prometheus refuses; here they are one minute.
 */
export function pyrraTiers(windowMs: DurationMs): readonly PyrraTier[] {
  return tiers.map(({ key, severity, burnRate, long, short, hold }) => ({
    key,
    severity,
    burnRate,
    longMs: Math.max(minuteMs, roundedToMinute(windowMs / long)),
    shortMs: Math.max(minuteMs, roundedToMinute(windowMs / short)),
    forMs: roundedToMinute(windowMs / hold),
  }))
}

/** Whether Pyrra would round one of the windows of the tier to nothing. */
export function isRoundedAway(windowMs: DurationMs): boolean {
  return tiers.some(({ long, short }) => Math.min(windowMs / long, windowMs / short) < minuteMs / 2)
}

function roundedToMinute(ms: DurationMs): DurationMs {
  return Math.floor(ms / minuteMs + 0.5) * minuteMs
}
