import type { FiredBecause, FiredEvidence } from '../core/model/alert.ts'
import type { BurnRate, DurationMs } from '../core/model/units.ts'
import { dayMs } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import { formatBurnRate, formatCount, formatSpan, formatTime } from './figures.ts'

/** The rule that an alert fired by, as a notification carries it. */
export interface WordedRule {
  readonly longMs: DurationMs
  readonly shortMs: DurationMs
  readonly burnRate: BurnRate
  readonly because?: FiredBecause
  readonly evidence?: FiredEvidence
}

/** Which rule held: `above 14.4× over both 1h and 5m`. */
export function ruleWords({ longMs, shortMs, burnRate, because }: WordedRule): string {
  const long = formatDuration(longMs)
  const short = formatDuration(shortMs)
  const rate = formatBurnRate(burnRate)
  if (because === 'dark-region') return 'the region cannot be seen, and at worst all of it fails'
  if (because === 'budget-share')
    return `above ${rate} over ${short}, and a burn of ${rate} for ${long} is spent in events`
  return `above ${rate} over both ${long} and ${short}`
}

/** How sure it is, for people: what failed, what was allowed, and how often chance alone does that. */
export function evidenceWords({ because, evidence }: WordedRule): string | undefined {
  if (evidence === undefined) return undefined
  const { since, bad, total, unit, allowed, odds, chanceOnceInMs, again } = evidence
  const counted = unit === 'events' ? 'requests' : 'minutes'
  const from = `since ${formatTime(since)}`
  if (because === 'dark-region') return `nothing was seen ${from}; ${figure(total)} ${counted} were expected`
  const failed = unit === 'events' ? 'failed' : 'were bad'
  const seen = `${figure(bad)} of ${figure(total)} ${counted} ${failed} ${from} where ${figure(allowed)} were allowed`
  const sure =
    chanceOnceInMs === null
      ? odds === null
        ? ''
        : `; that is ${times(odds)} likelier at this ratio than within the objective`
      : `; chance alone would do this less than once in ${longSpan(chanceOnceInMs)}`
  const often =
    again === 0
      ? ''
      : `; it came back ${again === 1 ? 'once' : `${again} times`}, within an hour ${again === 1 ? 'of its end' : 'each time'}`
  return `${seen}${sure}${often}`
}

/** Whole where it is large, two digits where it is small: `1,200`, `0.03`. */
function figure(count: number): string {
  return count >= 10 || Number.isInteger(count) ? formatCount(count) : String(Number(count.toPrecision(2)))
}

function times(odds: number): string {
  return odds >= 1e6 ? 'over a million times' : `${formatCount(Number(odds.toPrecision(2)))} times`
}

function longSpan(spanMs: DurationMs): string {
  const years = Math.floor(spanMs / (365 * dayMs))
  if (years === 0) return formatSpan(spanMs)
  return years === 1 ? 'a year' : `${years} years`
}
