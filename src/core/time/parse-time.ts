import { DateTime } from 'luxon'
import type { EpochMs } from '../model/units.ts'

/** Reads RFC 3339 (`2026-10-01T00:00:00Z`) or Unix seconds (`1790812800`, also with decimals); undefined when it is neither. */
export function parseTime(text: string): EpochMs | undefined {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000)
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const time = DateTime.fromISO(text.replace(' ', 'T').toUpperCase(), { setZone: true })
  return time.isValid ? time.toMillis() : undefined
}
