/** Negative, zero or positive as `a` comes before, with or after `b` by their code units: the same on every machine, in every language. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
