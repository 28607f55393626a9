/** What was worked out once, in pieces by a key that says of what it was made: losing it costs time and nothing else. */
export interface KeptWork {
  /** Everything that is kept; nothing where it cannot be read. */
  read(): ReadonlyMap<string, readonly Uint8Array[]>
  /**
   * Keeps this in place of what was kept before, as much of it as there is room for. Pieces are asked for one at a time, with turns for others
   * between. Never rejects: where nothing can be written, or the signal aborts, what was kept before stays.
   */
  write(work: Iterable<readonly [key: string, pieces: Iterable<Uint8Array>]>, signal: AbortSignal): Promise<void>
}
