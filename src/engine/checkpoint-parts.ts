/** Where a part is made: so many bytes, from a multiple of 8 on, with anything in them. */
export type Room = (bytes: number) => Uint8Array

/** Makes a part when its turn comes. */
export type MakePart = (room: Room) => Uint8Array

/** What a checkpoint writes and removes. */
export interface CheckpointChanges {
  readonly parts: ReadonlyMap<string, Uint8Array>
  /** Parts that are made one by one: of what stands still, or as it stood when they were taken. */
  readonly later: ReadonlyMap<string, MakePart>
  readonly removed: readonly string[]
}

/** The same with nothing left to be made. */
export function madeWhole({ parts, later, removed }: CheckpointChanges): CheckpointChanges {
  const made = [...later].map(([name, make]) => [name, make(newRoom)] as const)
  return { parts: new Map([...parts, ...made]), later: new Map(), removed }
}

/** Room that nobody had before. */
export function newRoom(bytes: number): Uint8Array {
  return new Uint8Array(bytes)
}

/** A value as the content of a part. */
export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** The parts are our own: their form is guarded by the version and not checked again. */
export function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

/** Numbers as the content of a part: the same memory. */
export function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Numbers as the content of a part: a copy. */
export function copied(values: Float64Array, room: Room): Uint8Array {
  const bytes = room(values.byteLength)
  bytes.set(bytesOf(values))
  return bytes
}

/** The numbers in a part. */
export function floats(bytes: Uint8Array = new Uint8Array()): Float64Array {
  return new Float64Array(bytes.slice().buffer)
}

/** JSON knows no infinity. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
