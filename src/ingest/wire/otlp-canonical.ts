import { ProtobufReader, wireType } from './protobuf.ts'

/**
 * A copy of a point in which its attributes stand in one run at the end, and each packed field is packed, in one piece. Answers
 * what is wrong with the bytes where they are no protobuf.
 */
export function canonicalPoint(
  bytes: Uint8Array,
  start: number,
  end: number,
  attributesField: number,
  packedFields: readonly number[],
): Uint8Array | string {
  const rest: Uint8Array[] = []
  const attributes: Uint8Array[] = []
  const packed = new Map<number, Uint8Array[]>(packedFields.map((field) => [field, []]))
  const reader = new ProtobufReader(bytes, start, end)
  for (let fieldAt = start; reader.next(); fieldAt = reader.position) {
    const words = packed.get(reader.field)
    if (words !== undefined && reader.type === wireType.bytes) words.push(reader.content())
    else {
      const contentAt = reader.position
      reader.skip()
      if (words !== undefined) words.push(bytes.subarray(contentAt, reader.position))
      else (reader.field === attributesField ? attributes : rest).push(bytes.subarray(fieldAt, reader.position))
    }
  }
  if (reader.fault !== undefined) return reader.fault
  const lists = [...packed].flatMap(([field, words]) => [fieldHead(field, words), ...words])
  return joined([...rest, ...lists, ...attributes])
}

/** A copy of the fields of a message with those of one number left out, such as the data of a metric. */
export function withoutFields(bytes: Uint8Array, start: number, end: number, fields: readonly number[]): Uint8Array {
  const kept: Uint8Array[] = []
  const reader = new ProtobufReader(bytes, start, end)
  for (let fieldAt = start; reader.next(); fieldAt = reader.position) {
    const isLeftOut = fields.includes(reader.field)
    reader.skip()
    if (!isLeftOut) kept.push(bytes.subarray(fieldAt, reader.position))
  }
  return joined(kept)
}

/** Byte strings one after the other: protobuf merges a message that is given in pieces like that. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function fieldHead(field: number, content: readonly Uint8Array[]): Uint8Array {
  let length = content.reduce((sum, piece) => sum + piece.length, 0)
  const head = [(field << 3) | wireType.bytes]
  for (; length >= 0x80; length = Math.floor(length / 0x80)) head.push((length % 0x80) + 0x80)
  head.push(length)
  return Uint8Array.from(head)
}
