/**
 * Entries that outlive the process from one checkpoint to the next: increments that were acknowledged, which no sender will
 * tell again. It consists of parts, of which all but the newest go when a checkpoint holds what they held.
 */
export interface IncrementLog {
  /**
   * Adds an entry, which a process that is killed after this leaves behind. False when it could not be written, which is counted
   * and told.
   */
  append(entry: Uint8Array): boolean
  /** Begins another part; answers its number. */
  turn(): number
  /** Forgets all parts before one. */
  dropBefore(part: number): void
  /** What earlier processes left, part by part and in order. What was cut off in the middle of an entry is left out. */
  left(): Iterable<Iterable<Uint8Array>>
  /** Closes the files. Nothing is forgotten. */
  close(): void
}
