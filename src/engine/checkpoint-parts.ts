/** What a checkpoint writes and removes. */
export interface CheckpointChanges {
  readonly parts: ReadonlyMap<string, Uint8Array>
  /** Parts of which nothing changes that is in the store already, so that they can be made one by one. */
  readonly later: ReadonlyMap<string, () => Uint8Array>
  readonly removed: readonly string[]
}

/** The same with nothing left to be made. */
export function madeWhole({ parts, later, removed }: CheckpointChanges): CheckpointChanges {
  const made = [...later].map(([name, make]) => [name, make()] as const)
  return { parts: new Map([...parts, ...made]), later: new Map(), removed }
}

/** A value as the content of a part. */
export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** The parts are our own: their form is guarded by the version and not checked again. */
export function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

/** Numbers as the content of a part. */
export function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** The numbers in a part. */
export function floats(bytes: Uint8Array = new Uint8Array()): Float64Array {
  return new Float64Array(bytes.slice().buffer)
}

/** JSON knows no infinity. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
