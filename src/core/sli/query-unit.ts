/** What a query answers: events a second, or the events of its whole window. */
export type QueryUnit = 'per-second' | 'per-window'

/**
 * Tells the unit of a PromQL answer by the first function in it that takes a range, since what a rule file asks is
 * either a rate or a sum over the window. Where none says it, as with a recorded rate, events a second are meant. The
 * share of bad events is the same either way: the unit only makes their number right.
 */
export function queryUnit(query: string): QueryUnit {
  const code = query.replaceAll(stringOrComment, ' ')
  for (const [, name] of code.matchAll(call)) {
    const unit = units.get(name.toLowerCase())
    if (unit !== undefined) return unit
  }
  return 'per-second'
}

const stringOrComment = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|#[^\n]*/g
const call = /\b([a-zA-Z_]\w*)\s*\(/g

const units: ReadonlyMap<string, QueryUnit> = new Map([
  ['rate', 'per-second'],
  ['irate', 'per-second'],
  ['deriv', 'per-second'],
  ['increase', 'per-window'],
  ['delta', 'per-window'],
  ['idelta', 'per-window'],
  ['changes', 'per-window'],
  ['resets', 'per-window'],
  ['sum_over_time', 'per-window'],
  ['count_over_time', 'per-window'],
])
