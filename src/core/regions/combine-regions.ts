import { type EventCounts, noEvents } from '../model/counts.ts'

/** Makes one scope's events of those of its regions. */
export type CombineCounts = (regions: readonly EventCounts[]) => EventCounts

/**
 * `events` adds the events up, so that every user counts the same. `worst` takes the region with the highest error
 * ratio, with its own counts. `mean` gives every region with traffic the same weight, whatever its size: its error
 * ratio is the mean of theirs, over all their events.
 */
export function combineRegions(how: 'events' | 'worst' | 'mean'): CombineCounts {
  return { events: addUp, worst, mean }[how]
}

function addUp(regions: readonly EventCounts[]): EventCounts {
  let bad = 0
  let total = 0
  for (const region of regions) {
    bad += region.bad
    total += region.total
  }
  return { bad, total }
}

function worst(regions: readonly EventCounts[]): EventCounts {
  const found = regions[worstOf(regions)]
  return found !== undefined && found.total > 0 ? found : noEvents
}

/** The place of the region with the highest error ratio, the first of several; 0 where there is none. */
export function worstOf(regions: readonly EventCounts[]): number {
  return regions.reduce((found, region, place) => (ratio(region) > ratio(regions[found]) ? place : found), 0)
}

function mean(regions: readonly EventCounts[]): EventCounts {
  const busy = regions.filter(({ total }) => total > 0)
  if (busy.length === 0) return noEvents
  const { total } = addUp(busy)
  const meanRatio = busy.reduce((sum, region) => sum + ratio(region), 0) / busy.length
  return { bad: meanRatio * total, total }
}

/** Below zero without events, so that such a region is never the worst while another has traffic. */
function ratio({ bad, total }: EventCounts): number {
  return total > 0 ? bad / total : -1
}
