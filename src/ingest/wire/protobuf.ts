/** How a field is written, from the last three bits of its tag. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/**
 * Reads protobuf fields without ever leaving the message. Hostile bytes set `fault` and end the message: from then on
 * `more` is false and every read answers 0, so that loops come to an end by themselves.
 */
export class ProtobufReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  /** Where the next field starts. */
  position: number
  /** Where the message being read ends. */
  end: number
  /** The first thing found wrong, and where. */
  fault: string | undefined
  /** Number of the field last begun. */
  field = 0
  /** Wire type of the field last begun. */
  type = 0

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = start
    this.end = end
  }

  /** Begins the next field of the message, if there is one. */
  next(): boolean {
    if (this.position >= this.end) return false
    const tag = this.varint()
    if (this.fault !== undefined) return false
    this.field = Math.floor(tag / 8)
    this.type = tag & 7
    if (this.field === 0 || tag > 0xffff_ffff) this.fail('a field without a valid number')
    return this.fault === undefined
  }

  /** True when the field begun is `field`; with another wire type than expected it is a fault. */
  is(field: number, type: number): boolean {
    if (this.field !== field) return false
    if (this.type !== type) this.fail(`field ${field} has wire type ${this.type} instead of ${type}`)
    return this.type === type
  }

  /** An unsigned number; exact up to 2^53. */
  varint(): number {
    const first = this.position < this.end ? this.bytes[this.position] : 0x80
    if (first < 0x80) {
      this.position++
      return first
    }
    return this.#wide(false)
  }

  /** A signed 64-bit number in two's complement, such as a time in milliseconds; exact up to ±2^53. */
  int64(): number {
    return this.#wide(true)
  }

  /** A signed number written as 0, −1, 1, −2, … (sint32, sint64); exact up to ±2^52. */
  zigzag(): number {
    const number = this.varint()
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2
  }

  /** Reads a repeated field of numbers, written packed or one by one: calls `read` for each. More than `max` are a fault. */
  repeated(type: number, max: number, read: () => number): void {
    if (this.type !== wireType.bytes) {
      if (!this.is(this.field, type)) return
      if (read() > max) this.fail(`more than ${max} numbers`)
      return
    }
    const messageEnd = this.end
    const packedEnd = this.bytesEnd()
    this.end = packedEnd
    while (this.position < this.end) if (read() > max) this.fail(`more than ${max} numbers`)
    this.end = this.fault === undefined ? messageEnd : this.position
  }

  double(): number {
    if (this.position + 8 > this.end) return this.fail('a double runs past the end')
    const value = this.#view.getFloat64(this.position, true)
    this.position += 8
    return value
  }

  /** The upper and lower halves of the double just read, by which one NaN is told from another. */
  wasDouble(high: number, low: number): boolean {
    const at = this.position - 8
    return this.#view.getUint32(at + 4, true) === high && this.#view.getUint32(at, true) === low
  }

  /** Where the length-delimited field just begun ends; the reader stands at its first byte. */
  bytesEnd(): number {
    const length = this.varint()
    if (length <= this.end - this.position) return this.position + length
    this.fail(`a length of ${length} runs past the end`)
    return this.end
  }

  /** The length-delimited field just begun, as its bytes stand in the message. */
  content(): Uint8Array {
    const end = this.bytesEnd()
    const content = this.bytes.subarray(this.position, end)
    this.position = end
    return content
  }

  /** The length-delimited field just begun, as text; what is not UTF-8 in it is replaced. */
  text(): string {
    return lenient.decode(this.content())
  }

  /** Passes over a field nobody asked for. */
  skip(): void {
    if (this.type === wireType.varint) this.varint()
    else if (this.type === wireType.bytes) this.position = this.bytesEnd()
    else if (this.type === wireType.fixed64) this.#jump(8)
    else if (this.type === wireType.fixed32) this.#jump(4)
    else this.fail(`unknown wire type ${this.type}`)
  }

  /** Records the first fault and ends the message. */
  fail(reason: string): 0 {
    this.fault ??= `${reason} at byte ${this.position}`
    this.position = this.end
    return 0
  }

  #jump(length: number): void {
    if (this.position + length > this.end) this.fail('a fixed-size field runs past the end')
    else this.position += length
  }

  #wide(signed: boolean): number {
    const { bytes, end } = this
    const start = this.position
    let low = 0
    let middle = 0
    let high = 0
    for (let index = 0; index < 10; index++) {
      if (start + index >= end) return this.fail('a varint runs past the end')
      const byte = bytes[start + index]
      const bits = byte & 0x7f
      if (index < 4) low |= bits << (7 * index)
      else if (index < 8) middle |= bits << (7 * (index - 4))
      else high |= bits << (7 * (index - 8))
      if (byte < 0x80) {
        if (index === 9 && byte > 1) break
        this.position = start + index + 1
        const lower = (low | (middle << 28)) >>> 0
        const upper = (middle >>> 4) | (high << 24)
        return (signed ? upper : upper >>> 0) * 0x1_0000_0000 + lower
      }
    }
    return this.fail('a varint longer than 64 bits')
  }
}

const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
