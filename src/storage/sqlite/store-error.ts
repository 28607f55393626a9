/** SQLite's primary result codes that an operator can do something about. */
const advice: Readonly<Record<number, string>> = {
  5: 'another program holds it locked; close that program',
  8: 'it is read-only; check the permissions of the file and its folder',
  10: 'the disk reports errors; check it before anything else',
  11: 'it is damaged; restore a copy, or move it away together with its -wal and -shm files to start empty',
  13: 'the disk is full; free some space',
  14: 'it cannot be opened; check that the folder exists and can be written to',
  26: 'it is not a database; restore a copy, or move it away to start empty',
}

/** An error named `StoreError` that says which file, what is wrong and what to do; the cause stays attached. */
export function storeError(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = advice[resultCode(cause) & 0xff]
  return named(new Error(`store ${path}: ${reason}${hint === undefined ? '' : ` (${hint})`}`, { cause }))
}

/** A refusal of our own, named like the others. */
export function storeRefusal(path: string, reason: string): Error {
  return named(new Error(`store ${path}: ${reason}`))
}

/** SQLite's result code of an error thrown by node:sqlite, 0 when it is none. */
export function resultCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0
  return error.errcode
}

function named(error: Error): Error {
  error.name = 'StoreError'
  return error
}

/** Whether an error says that the store cannot be used for now, through no fault of what was to be written. */
export function isStoreOutage(error: unknown): boolean {
  return advice[resultCode(error) & 0xff] !== undefined
}
