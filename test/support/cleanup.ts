/** What a helper needs of a test: a place to leave what has to be undone. */
export interface Cleanup {
  after(undo: () => unknown): void
}

/**
 * Undoes in the order opposite to that in which things were left, where a test's own order is that of leaving: a folder
 * goes when the processes that write to it have ended.
 */
export function lastFirst(t: Cleanup): Cleanup {
  const undone: (() => unknown)[] = []
  t.after(async () => {
    for (const undo of undone.toReversed()) await undo()
  })
  return { after: (undo) => void undone.push(undo) }
}
