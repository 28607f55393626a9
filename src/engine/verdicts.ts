/** Those SLOs of a scope that a sweep does not pass over at a step, in their order. */
export class Verdicts {
  count = 0
  readonly slots: Int32Array
  /** 1 where the evidence is weighed, and tells whether the SLO is to be judged one by one; all others are. */
  readonly isWeighed: Uint8Array

  constructor(length: number) {
    this.slots = new Int32Array(length)
    this.isWeighed = new Uint8Array(length)
  }

  /** Adds one behind the others. */
  add(slot: number, isWeighed: 0 | 1): void {
    this.slots[this.count] = slot
    this.isWeighed[this.count++] = isWeighed
  }
}
