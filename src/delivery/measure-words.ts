import type { Measure, WindowReading } from '../core/model/notification.ts'
import { formatDuration } from '../core/time/duration.ts'
import { formatCount, formatShare, formatSpan } from './figures.ts'

/** How the counts of an SLO are called: not everything that has a budget is a request. */
export interface MeasureWords {
  /** What fails, by its share: `9.1 % of requests fail`. */
  readonly failing: (share: string) => string
  /** That there is nothing to judge, over a span: `No requests in the last 5m`. */
  readonly nothing: (span: string) => string
  /** Heads the counts: `Failed requests`. */
  readonly heading: string
  /** The counts of a window: `22,168 of 243,600`. */
  readonly counted: (reading: WindowReading) => string
  /** So many that were bad: `53,200 requests failed`; empty where a count means nothing. */
  readonly spent: (bad: number) => string
  /** So many that may still be bad: `1.29 M requests`; empty where a count means nothing. */
  readonly left: (events: number) => string
  /** Whether events a second are traffic. */
  readonly hasTraffic: boolean
}

/** The words for what an SLO counts; requests where a message does not say what that is. */
export function measureWords(measure: Measure | undefined): MeasureWords {
  switch (measure?.kind) {
    case 'slow':
      return slow(formatDuration(measure.aboveMs))
    case 'time':
      return time
    case 'slices':
      return slices(formatDuration(measure.sliceMs))
    case 'shares':
      return shares
    default:
      return requests
  }
}

function countedOf({ bad, total }: WindowReading): string {
  return `${formatCount(bad)} of ${formatCount(total)}`
}

const requests: MeasureWords = {
  failing: (share) => `${share} of requests fail`,
  nothing: (span) => `No requests in the last ${span}`,
  heading: 'Failed requests',
  counted: countedOf,
  spent: (bad) => `${several(bad, 'request')} failed`,
  left: (events) => several(events, 'request'),
  hasTraffic: true,
}

function slow(bound: string): MeasureWords {
  return {
    ...requests,
    failing: (share) => `${share} of requests take longer than ${bound}`,
    heading: 'Slow requests',
    spent: (bad) => `${several(bad, 'request')} took longer than ${bound}`,
  }
}

/** The events are milliseconds. */
const time: MeasureWords = {
  failing: (share) => `${share} of the time it is out of bounds`,
  nothing: (span) => `Nothing was measured in the last ${span}`,
  heading: 'Out of bounds',
  counted: ({ bad, total }) => `${formatSpan(bad)} of ${formatSpan(total)}`,
  spent: (bad) => `${formatSpan(bad)} out of bounds`,
  left: (milliseconds) => formatSpan(milliseconds),
  hasTraffic: false,
}

function slices(length: string): MeasureWords {
  const slice = `slice of ${length}`
  return {
    failing: (share) => `${share} of the slices of ${length} are bad`,
    nothing: (span) => `No slice could be judged in the last ${span}`,
    heading: 'Bad slices',
    counted: countedOf,
    spent: (bad) => `${several(bad, slice)} bad`,
    left: (events) => several(events, slice),
    hasTraffic: false,
  }
}

/** Several SLOs, each by its weight, or what a query answers: there is a share, and no number of anything. */
const shares: MeasureWords = {
  failing: (share) => `${share} fails`,
  nothing: (span) => `Nothing was counted in the last ${span}`,
  heading: 'Failed share',
  counted: ({ errorRatio }) => formatShare(errorRatio),
  spent: () => '',
  left: () => '',
  hasTraffic: false,
}

/** Millions in short: nobody reads seven digits at night. */
function several(count: number, one: string): string {
  const [first = '', ...rest] = one.split(' ')
  const words = [Math.round(count) === 1 ? first : `${first}s`, ...rest].join(' ')
  const figure = count >= 1e6 ? `${Number((count / 1e6).toPrecision(3))} M` : formatCount(count)
  return `${figure} ${words}`
}
