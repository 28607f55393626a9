/**
 * How much room to make for so many entries of a table: half as much again while it is small, because it will grow; an
 * eighth once it is large, because room that nobody uses is dear then and copying it rare.
 */
export function roomFor(length: number): number {
  return Math.ceil(length * (length < 65_536 ? 1.5 : 1.125)) + 16
}

/** The contents of a table in a larger one, which is answered. */
export function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from)
  return to
}
