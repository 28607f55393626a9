import { type DurationMs, dayMs, hourMs, minuteMs } from '../../../core/model/units.ts'

/** A duration as OpenSLO writes it: one number and one letter, of which `m` is a minute and `M` a month. */
export interface OpensloDuration {
  readonly count: number
  readonly unit: OpensloUnit
}

export type OpensloUnit = keyof typeof unitMs

/** Months, quarters and years have no fixed length; in a rolling window they have the one that is meant most often. */
const unitMs = {
  m: minuteMs,
  h: hourMs,
  d: dayMs,
  w: 7 * dayMs,
  M: 30 * dayMs,
  Q: 90 * dayMs,
  Y: 365 * dayMs,
} as const

/** Reads `1w`, `30d` or `1M`; undefined when it is no duration, or zero. */
export function parseOpensloDuration(text: string): OpensloDuration | undefined {
  const [, count = '0', unit = ''] = /^(\d{1,6})([mhdwMQY])$/.exec(text.trim()) ?? []
  return isUnit(unit) && Number(count) > 0 ? { count: Number(count), unit } : undefined
}

export function opensloDurationMs({ count, unit }: OpensloDuration): DurationMs {
  return count * unitMs[unit]
}

/** Whether the unit is longer or shorter with the calendar. */
export function isCalendarUnit({ unit }: OpensloDuration): boolean {
  return unit === 'M' || unit === 'Q' || unit === 'Y'
}

function isUnit(text: string): text is OpensloUnit {
  return Object.hasOwn(unitMs, text)
}
