import type { ScratchBuffer } from './scratch-buffer.ts'

/** What became of a compressed block. `bytes` lives in the scratch buffer until it is used again. */
export type SnappyResult =
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly length: number }
  | { readonly kind: 'corrupt'; readonly reason: string }

/** The densest element is a copy of three bytes that stands for 64. */
const bytesPerByteMax = 64 / 3

/** Room behind the output that copying in words may write into. */
const slack = 4

/**
 * Decodes one block of the snappy block format. The length it declares is held against `lengthMax`, and against what so
 * few bytes can possibly hold, before anything is allocated.
 */
export function decodeSnappy(input: Uint8Array, scratch: ScratchBuffer, lengthMax: number): SnappyResult {
  const header = readLength(input)
  if (header === undefined) return corrupt('the length in front is not a 32-bit varint')
  const { length, start } = header
  if (length > lengthMax) return { kind: 'too-large', length }
  if (length > (input.length - start) * bytesPerByteMax) {
    return corrupt(`${input.length} bytes cannot hold the ${length} they declare`)
  }
  const output = scratch.take(length + slack)
  const written = decodeElements(input, start, output, length)
  if (written === length) return { kind: 'decoded', bytes: output.subarray(0, length) }
  return corrupt(written < 0 ? `bad element at byte ${-written}` : `${written} bytes instead of the declared ${length}`)
}

function corrupt(reason: string): SnappyResult {
  return { kind: 'corrupt', reason }
}

function readLength(input: Uint8Array): { readonly length: number; readonly start: number } | undefined {
  let length = 0
  for (let index = 0; index < 5 && index < input.length; index++) {
    const byte = input[index]
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length < 2 ** 32 ? { length, start: index + 1 } : undefined
  }
  return undefined
}

/** Writes all elements; answers how many bytes, or the negative position of an element that does not fit. */
function decodeElements(input: Uint8Array, start: number, output: Uint8Array, length: number): number {
  const inputEnd = input.length
  const source = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const target = new DataView(output.buffer, output.byteOffset, output.byteLength)
  let at = start
  let to = 0
  while (at < inputEnd) {
    const elementAt = at
    const tag = input[at++]
    const kind = tag & 3
    if (kind === 0) {
      let size = tag >>> 2
      if (size >= 60) {
        const extra = size - 59
        if (at + extra > inputEnd) return -elementAt
        size = littleEndian(input, at, extra)
        at += extra
      }
      size++
      if (at + size > inputEnd || to + size > length) return -elementAt
      if (size > 64) output.set(input.subarray(at, at + size), to)
      else if (at + size + slack <= inputEnd) copyWords(source, at, target, to, size)
      else for (let index = 0; index < size; index++) output[to + index] = input[at + index]
      at += size
      to += size
      continue
    }
    const offsetBytes = kind === 3 ? 4 : kind
    if (at + offsetBytes > inputEnd) return -elementAt
    let size = (tag >>> 2) + 1
    let offset = 0
    if (kind === 1) {
      size = ((tag >>> 2) & 7) + 4
      offset = ((tag & 0xe0) << 3) | input[at]
    } else {
      offset = littleEndian(input, at, offsetBytes)
    }
    at += offsetBytes
    if (offset === 0 || offset > to || to + size > length) return -elementAt
    // A copy may read what it has just written, and repeats it then: byte by byte, where words would be too late.
    if (offset >= 4) copyWords(target, to - offset, target, to, size)
    else for (let index = to; index < to + size; index++) output[index] = output[index - offset]
    to += size
  }
  return to
}

/** Copies in words of four bytes, and so up to three bytes too many, which the next element overwrites. */
function copyWords(source: DataView, from: number, target: DataView, to: number, size: number): void {
  for (let index = 0; index < size; index += 4) target.setInt32(to + index, source.getInt32(from + index, true), true)
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + bytes[at + index]
  return value
}
