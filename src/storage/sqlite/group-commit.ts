import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from './database.ts'

/** Does pieces of work that come at about the same time in one transaction: the disk is waited for once for all of them. */
export interface GroupCommit<Piece, Answer> {
  /** Answers once the piece is durable, or rejects with why it is not; each piece is kept or undone as a whole. */
  run(piece: Piece): Promise<Answer>
  /** Does at once what waits. */
  flush(): void
}

/** How pieces are done, and when. */
export interface GroupWork<Piece, Answer> {
  /** Does them all, inside a transaction; answers in their order. One that fails must throw: then each is done on its own. */
  readonly perform: (pieces: readonly Piece[]) => readonly Answer[]
  /** Whether more is to be expected within moments. */
  readonly isMoreExpected: () => boolean
}

interface Waiting<Piece, Answer> {
  readonly piece: Piece
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** What has come by then is worth a commit of its own. */
const enoughPieces = 128

/** Turns without anything new that are waited through where more is expected: a turn costs microseconds, a commit hundreds. */
const quietTurnsMax = 16

/**
 * Gathers what comes within one turn of the event loop, and goes on as long as turns bring more. While a commit waits for the disk
 * everything else waits too, so the more there is to do the more of it comes together. A piece that fails takes no other with it.
 */
export function groupCommit<Piece, Answer>(
  database: DatabaseSync,
  { perform, isMoreExpected }: GroupWork<Piece, Answer>,
): GroupCommit<Piece, Answer> {
  let waiting: Waiting<Piece, Answer>[] = []
  let scheduled: NodeJS.Immediate | undefined
  let seen = 0
  let quietTurns = 0

  function turn(): void {
    quietTurns = waiting.length > seen ? 0 : quietTurns + 1
    seen = waiting.length
    if (seen < enoughPieces && quietTurns < quietTurnsMax && isMoreExpected()) scheduled = setImmediate(turn)
    else flush()
  }

  function flush(): void {
    clearImmediate(scheduled)
    scheduled = undefined
    const together = waiting
    waiting = []
    seen = 0
    quietTurns = 0
    if (together.length === 0 || done(together) || together.length === 1) return
    for (const one of together) done([one])
  }

  /** Whether they are; a single one that is not has been told why. */
  function done(together: readonly Waiting<Piece, Answer>[]): boolean {
    let answers: readonly Answer[]
    try {
      answers = inTransaction(database, () => perform(together.map(({ piece }) => piece)))
    } catch (error) {
      if (together.length === 1) together[0].reject(error)
      return false
    }
    for (const [index, { resolve }] of together.entries()) resolve(answers[index])
    return true
  }

  return {
    flush,
    run(piece) {
      return new Promise((resolve, reject) => {
        waiting.push({ piece, resolve, reject })
        scheduled ??= setImmediate(turn)
      })
    },
  }
}
