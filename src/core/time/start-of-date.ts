import { DateTime, IANAZone } from 'luxon'
import type { EpochMs } from '../model/units.ts'
import { startOfLocalDay } from './local-day.ts'

/** When a date such as `2026-10-01` begins on the clocks of a zone; undefined when there is no such date or zone. */
export function startOfDate(text: string, timeZone: string): EpochMs | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || !IANAZone.isValidZone(timeZone)) return undefined
  const midnight = DateTime.fromISO(text, { zone: 'utc' })
  return midnight.isValid ? startOfLocalDay(IANAZone.create(timeZone), midnight.toMillis()) : undefined
}
