import type { DataState } from '../core/model/counts.ts'
import { regionsPerMessageMax } from '../core/model/limits.ts'
import type { Notification, RegionReading } from '../core/model/notification.ts'
import { globalScope } from '../core/model/slo.ts'
import { formatBurnRate, formatShare } from './figures.ts'
import { brief } from './plain-text.ts'

/** Region names come from series. */
const nameLengthMax = 120

/** Where it burns: the alert's own region first, then every other with its burn rate, the worst first: who burns, and who is not seen. */
export function whereWords({ scope, regions }: Pick<Notification, 'scope' | 'regions'>): string {
  const own = regions.find(({ region }) => region === scope)
  const others = regions.filter((region) => region !== own).sort(worstFirst)
  const named = [...(own === undefined ? [] : [own]), ...others].slice(0, regionsPerMessageMax).map(regionText)
  const rest = regions.length > regionsPerMessageMax ? [`and ${regions.length - regionsPerMessageMax} more`] : []
  const all = [...named, ...rest].join(' · ')
  if (own !== undefined) return all
  const place = scope === globalScope ? 'all regions together' : brief(scope, nameLengthMax)
  return all === '' ? place : `${place}: ${all}`
}

function worstFirst(a: RegionReading, b: RegionReading): number {
  const byBurnRate = (b.burnRate ?? -1) - (a.burnRate ?? -1)
  return byBurnRate !== 0 ? byBurnRate : a.region < b.region ? -1 : 1
}

function regionText({ region, burnRate, state, share }: RegionReading): string {
  const name = brief(region, nameLengthMax)
  const seen = stateWords[state]
  if (burnRate === null) return seen === '' ? `${name} ${formatBurnRate(null)}` : `${name} ${seen}`
  const part = share === null || share === 0 ? '' : `${formatShare(share)} of failures`
  const notes = [part, seen].filter((note) => note !== '')
  return `${name} ${formatBurnRate(burnRate)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

/** What is seen of a region, where that is not all. */
const stateWords: Readonly<Record<DataState, string>> = {
  ok: '',
  'no-traffic': 'has no traffic',
  partial: 'is seen in part',
  stale: 'is not heard of right now',
  'no-data': 'cannot be seen',
}
