import type { DataReading } from '../core/model/data-reading.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { formatCount, formatShare, formatSpan, formatTime } from './figures.ts'
import { brief } from './plain-text.ts'

/** Region names come from series. */
const nameLengthMax = 120

/** An alert about the data itself, in words. */
export interface DataWords {
  /** What is wrong, in a few words: `eu-west-1 cannot be seen for 12m`. */
  readonly short: string
  /** What that means for whoever reads it. */
  readonly meaning: string
  /** Since when, and how much is missing. */
  readonly details: string
  /** When it is told. */
  readonly rule: string
}

/** Says that a region, or all of the data, cannot be seen, or that traffic is gone: how much, and since when. */
export function dataWords(data: DataReading, scope: string, at: EpochMs): DataWords {
  const place = scope === globalScope ? 'all regions' : brief(scope, nameLengthMax)
  return data.cause === 'blind' ? blindWords(data, place, at) : trafficWords(data, place)
}

/** Whether what could not be seen can be seen again. */
export function isBack({ cause, state }: Pick<DataReading, 'cause' | 'state'>): boolean {
  return cause === 'blind' && (state === 'ok' || state === 'no-traffic')
}

function blindWords({ since, state }: DataReading, place: string, at: EpochMs): DataWords {
  const span = formatSpan(Math.max(0, at - since))
  const back = isBack({ cause: 'blind', state })
  return {
    short: back ? `${place} can be seen again` : `${place} cannot be seen for ${span}`,
    meaning: back ? 'what was missed is counted as it comes' : 'nobody knows whether requests fail there',
    details: back ? `none from ${formatTime(since)} until a moment ago` : `none since ${formatTime(since)} (${span})`,
    rule: 'no data for longer than the SLO allows',
  }
}

function trafficWords({ events, usualEvents, overMs }: DataReading, place: string): DataWords {
  const over = overMs === null ? '' : ` in ${formatDuration(overMs)}`
  const isGone = usualEvents !== null && events !== null && usualEvents > 0
  const share = isGone ? ` (${formatShare(events / usualEvents)} of usual)` : ''
  const usual = usualEvents === null ? '' : `, usually ${formatCount(usualEvents)} at this time of the week`
  return {
    short: `traffic of ${place} is gone`,
    meaning: 'requests that never arrive fail nowhere: look in front of the service',
    details: `${formatCount(events ?? 0)} events${over}${usual}${share}`,
    rule: 'far fewer events than at the same time in past weeks, beyond all chance',
  }
}
