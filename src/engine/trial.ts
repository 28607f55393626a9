import type { EventCounts } from '../core/model/counts.ts'
import type { Indicator } from '../core/model/indicator.ts'
import { type DurationMs, minuteMs } from '../core/model/units.ts'

/** What one independent trial is. */
export interface Trial {
  readonly unit: 'events' | 'minutes'
  /** Trials per event counted; undefined where the minutes that passed are judged by the ratio in them. */
  readonly perEvent: number | undefined
}

const eachEvent: Trial = { unit: 'events', perEvent: 1 }
const eachMillisecond: Trial = { unit: 'minutes', perEvent: 1 / minuteMs }
const eachMinute: Trial = { unit: 'minutes', perEvent: undefined }

/**
 * Requests fail each for itself, at least those of different clients. What judges time does not: a lag that is too high now
 * is so in a second. There a minute is one trial, however finely it is sampled, and a slice is as many as it has minutes. A
 * composite is what its members are; where they differ, its minutes are judged. `memberOf` finds those by name.
 */
export function trialOf(indicator: Indicator, memberOf: (slo: string) => Indicator | undefined): Trial {
  switch (indicator.kind) {
    case 'slices':
      return { unit: 'minutes', perEvent: indicator.sliceMs / minuteMs }
    case 'threshold':
      return eachMillisecond
    case 'query':
      return indicator.given === 'error-ratio' ? eachMillisecond : eachEvent
    case 'composite': {
      const members = indicator.of.flatMap(({ slo }) => memberOf(slo) ?? [])
      const [first, ...others] = members.map((member) => trialOf(member, memberOf))
      if (first === undefined) return eachEvent
      return others.every(({ unit, perEvent }) => unit === first.unit && perEvent === first.perEvent)
        ? first
        : eachMinute
    }
    default:
      return eachEvent
  }
}

/** The trials among the events of a span. */
export function trialsIn({ perEvent }: Trial, { bad, total }: EventCounts, spanMs: DurationMs): EventCounts {
  if (perEvent !== undefined) return { bad: bad * perEvent, total: total * perEvent }
  const minutes = total > 0 ? spanMs / minuteMs : 0
  return { bad: total > 0 ? (bad / total) * minutes : 0, total: minutes }
}
