/** Longer texts are cut: a message names a value, it does not repeat it. */
const shownLengthMax = 60

/** A value as a message names it: what it is when it holds other values, otherwise the value itself. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return `"${value.length > shownLengthMax ? `${value.slice(0, shownLengthMax)}…` : value}"`
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'a mapping' : 'empty'
}
