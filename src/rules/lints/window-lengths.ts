import type { CalendarUnit, SloWindow } from '../../core/model/slo.ts'
import { type DurationMs, dayMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'

/** Days of the shortest and the longest period of each kind; that clocks change is left out of account. */
const periodDays: Readonly<Record<CalendarUnit, { readonly shortest: number; readonly longest: number }>> = {
  day: { shortest: 1, longest: 1 },
  week: { shortest: 7, longest: 7 },
  month: { shortest: 28, longest: 31 },
  quarter: { shortest: 90, longest: 92 },
  year: { shortest: 365, longest: 366 },
}

/** The length of a window, of a calendar window its shortest. */
export function shortestWindowMs(window: SloWindow): DurationMs {
  return window.kind === 'rolling' ? window.durationMs : periodDays[window.unit].shortest * dayMs
}

/** The length of a window, of a calendar window its longest. */
export function longestWindowMs(window: SloWindow): DurationMs {
  return window.kind === 'rolling' ? window.durationMs : periodDays[window.unit].longest * dayMs
}

/** A window as messages name it. */
export function describeWindow(window: SloWindow): string {
  return window.kind === 'rolling' ? `the window ${formatDuration(window.durationMs)}` : `a calendar ${window.unit}`
}
