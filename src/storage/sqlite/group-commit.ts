import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'

/** Runs pieces of work that come at about the same time in one transaction: the disk is waited for once for all of them. */
export interface GroupCommit {
  /** Answers once the piece is durable, or rejects with why it is not; each piece is kept or undone as a whole. */
  run<Result>(work: () => Result): Promise<Result>
  /** Does at once what waits. */
  flush(): void
}

interface Piece {
  readonly run: () => void
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers what comes within one turn of the event loop. While a commit waits for the disk everything else waits too, so the more
 * there is to do the more of it comes together. A piece that fails takes no other with it: then each runs on its own.
 */
export function groupCommit(database: DatabaseSync): GroupCommit {
  let waiting: Piece[] = []
  let scheduled: NodeJS.Immediate | undefined

  function flush(): void {
    clearImmediate(scheduled)
    scheduled = undefined
    const pieces = waiting
    waiting = []
    if (pieces.length === 0) return
    try {
      inTransaction(database, () => {
        for (const { run } of pieces) run()
      })
    } catch (error) {
      if (pieces.length === 1) pieces[0].reject(error)
      else for (const piece of pieces) alone(piece)
      return
    }
    for (const { resolve } of pieces) resolve()
  }

  function alone({ run, resolve, reject }: Piece): void {
    try {
      inTransaction(database, run)
    } catch (error) {
      reject(error)
      return
    }
    resolve()
  }

  return {
    flush,
    run<Result>(work: () => Result): Promise<Result> {
      return new Promise((resolve, reject) => {
        const done: { result?: { readonly value: Result } } = {}
        waiting.push({
          run: () => {
            done.result = { value: work() }
          },
          resolve: () => {
            if (done.result !== undefined) resolve(done.result.value)
          },
          reject,
        })
        scheduled ??= setImmediate(flush)
      })
    },
  }
}
