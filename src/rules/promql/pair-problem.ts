import { formatDuration } from '../../core/time/duration.ts'
import type { StreamingCounters } from './streaming-counters.ts'

/**
 * Why two sums of counters cannot be set against each other as parts of one SLO, undefined when they can: they must count
 * in the same measure, over the same range, and be grouped by the same labels.
 */
export function pairProblem(part: StreamingCounters, total: StreamingCounters): string | undefined {
  if (part.measure !== total.measure) return `one answers ${nouns[part.measure]}, the other ${nouns[total.measure]}`
  if (part.range !== total.range)
    return `one is over ${rangeText(part.range)}, the other over ${rangeText(total.range)}`
  if (Math.abs(part.scale - total.scale) > 1e-9 * total.scale) {
    return `one is multiplied by ${part.scale}, the other by ${total.scale}`
  }
  const isGroupedAlike =
    part.groupBy.length === total.groupBy.length && part.groupBy.every((label) => total.groupBy.includes(label))
  if (isGroupedAlike) return undefined
  return `one is grouped by ${labelText(part.groupBy)}, the other by ${labelText(total.groupBy)}`
}

const nouns = { 'per-second': 'a rate', 'per-window': 'an increase', total: 'a running total' } as const

function rangeText(range: StreamingCounters['range']): string {
  return typeof range === 'number' ? formatDuration(range) : 'the window'
}

function labelText(labels: readonly string[]): string {
  return labels.length === 0 ? 'nothing' : labels.join(', ')
}
