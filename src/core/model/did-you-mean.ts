/** The word that was most likely meant, undefined when none is close. */
export function didYouMean(written: string, known: readonly string[]): string | undefined {
  const lower = written.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const word of known) {
    const distance = editDistance(lower, word.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [word, distance]
  }
  return best
}

/** The hint for a word that is none of those known. */
export function knownWordsHint(written: string, known: readonly string[]): string {
  const meant = didYouMean(written, known)
  return meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`
}

/** Letters to insert, remove, replace or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  if (a.length > 100) return Number.POSITIVE_INFINITY
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? beforeLast[j - 2] + 1 : replaced
      row.push(Math.min(last[j] + 1, row[j - 1] + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}
