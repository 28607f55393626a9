/** How many of the unit that a histogram counts in make a second: one, unless its name ends with another unit. */
export function unitsPerSecond(histogram: string): number {
  const unit = /_(milliseconds|ms|microseconds|us|nanoseconds|ns)$/.exec(histogram)?.[1]
  if (unit === undefined) return 1
  if (unit === 'milliseconds' || unit === 'ms') return 1e3
  return unit === 'microseconds' || unit === 'us' ? 1e6 : 1e9
}
