import { wireType } from './protobuf.ts'

/**
 * Writes protobuf from its end to its beginning, so that a length is known when it is written: content first, then its head;
 * the last field of a message first.
 */
export class BackwardWriter {
  #bytes = Buffer.allocUnsafe(1_024)
  #start = this.#bytes.length

  /** How many bytes are written. */
  get length(): number {
    return this.#bytes.length - this.#start
  }

  /** What is written; a copy, so that the writer can go on. */
  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(this.#start))
  }

  bytes(content: Uint8Array): void {
    this.#reserve(content.length)
    this.#bytes.set(content, this.#start)
  }

  text(content: string): void {
    const length = Buffer.byteLength(content)
    this.#reserve(length)
    this.#bytes.write(content, this.#start, length, 'utf8')
  }

  double(value: number): void {
    this.#reserve(8)
    this.#bytes.writeDoubleLE(value, this.#start)
  }

  fixed64(value: bigint): void {
    this.#reserve(8)
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#start)
  }

  varint(value: bigint): void {
    const digits: number[] = []
    let rest = BigInt.asUintN(64, value)
    for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80)
    digits.push(Number(rest))
    this.#reserve(digits.length)
    this.#bytes.set(digits, this.#start)
  }

  /** The head of the field whose content has just been written. */
  tag(field: number, type: number): void {
    this.varint(BigInt((field << 3) | type))
  }

  /** Number and length of the field whose content was written since the writer was so long. */
  head(field: number, lengthBefore: number): void {
    this.varint(BigInt(this.length - lengthBefore))
    this.tag(field, wireType.bytes)
  }

  #reserve(length: number): void {
    if (length > this.#start) {
      const larger = Buffer.allocUnsafe(Math.max(this.length + length, this.#bytes.length * 2))
      const start = larger.length - this.length
      larger.set(this.#bytes.subarray(this.#start), start)
      this.#bytes = larger
      this.#start = start
    }
    this.#start -= length
  }
}
