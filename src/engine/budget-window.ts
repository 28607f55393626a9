import type { SloWindow } from '../core/model/slo.ts'
import { type DurationMs, dayMs, type EpochMs, hourMs } from '../core/model/units.ts'
import { calendarClock } from '../core/time/calendar-window.ts'
import { formatDuration } from '../core/time/duration.ts'

/** The stretch of time that a budget is for, as of a moment. */
export interface BudgetPeriod {
  readonly start: EpochMs
  /** Length of the whole window, also where a calendar window has only begun. */
  readonly lengthMs: DurationMs
}

/** The SLO window as evaluation needs it. */
export interface BudgetWindow {
  /** `30d`, or `month` for a calendar window. */
  readonly text: string
  /** How far back counts are needed. */
  readonly horizonMs: DurationMs
  /** Where the window that ends at a moment, or holds it, begins. */
  periodAt(at: EpochMs): BudgetPeriod
  /** Whether a window begins at this moment and at no other near it, as calendar windows do. */
  beginsAt(at: EpochMs): boolean
}

const longestMs = {
  day: 25 * hourMs,
  week: 7 * dayMs + hourMs,
  month: 31 * dayMs + hourMs,
  quarter: 92 * dayMs + hourMs,
  year: 366 * dayMs,
}

export function budgetWindow(window: SloWindow): BudgetWindow {
  if (window.kind === 'rolling') {
    const lengthMs = window.durationMs
    return {
      text: formatDuration(lengthMs),
      horizonMs: lengthMs,
      periodAt: (at) => ({ start: at - lengthMs, lengthMs }),
      beginsAt: () => false,
    }
  }
  const clock = calendarClock(window.unit, window.timeZone)
  // Asked of old rows, which would have the other clock go back and forth between two periods.
  const clockOfRows = calendarClock(window.unit, window.timeZone)
  return {
    text: window.unit,
    horizonMs: longestMs[window.unit],
    // Windows are (start, at]: the event time that ends a period still belongs to it.
    periodAt: (at) => {
      const { start, end } = clock(at - 1)
      return { start, lengthMs: end - start }
    },
    beginsAt: (at) => clockOfRows(at).start === at,
  }
}
