import { seriesProbesMax } from '../core/model/limits.ts'

/** Where entries stand by their hash: open addressing, never more than half full, and looked through for a few places only. */
export class ProbeTable {
  /** Entry + 1, or 0 for an empty slot. Whoever looks an entry up goes on from the slot of its hash, at most `seriesProbesMax` times. */
  slots = new Int32Array(32)

  /** Puts an entry into the table; false when too many others stand where it belongs. */
  put(entry: number, hash: number): boolean {
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (let probes = 0; probes < seriesProbesMax; probes++) {
      if (this.slots[slot] === 0) {
        this.slots[slot] = entry + 1
        return true
      }
      slot = (slot + 1) & mask
    }
    return false
  }

  /** Makes room for one entry more than there are, of which these are the hashes. */
  makeRoom(size: number, hashes: Int32Array): void {
    if ((size + 1) * 2 <= this.slots.length) return
    this.slots = new Int32Array(this.slots.length * 2)
    for (let entry = 0; entry < size; entry++) this.put(entry, hashes[entry])
  }

  /** Forgets all entries. */
  clear(): void {
    this.slots.fill(0)
  }
}

/** A longer table that begins with the same numbers. */
export function lengthened<A extends Int32Array | Float64Array | Uint8Array>(from: A, to: A): A {
  to.set(from)
  return to
}
