import { crc32 } from 'node:zlib'

/** In front of each entry: its length and its checksum. */
export const frameHeadBytes = 8

/** An entry as it stands in a file, behind its length and its checksum. */
export function framed(entry: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(frameHeadBytes + entry.length)
  frame.writeUInt32LE(entry.length, 0)
  frame.writeUInt32LE(crc32(entry), 4)
  frame.set(entry, frameHeadBytes)
  return frame
}

/** The entries of a file up to the first that is not whole; answers how many bytes are left from there on. */
export function* entriesIn(bytes: Buffer): Generator<Uint8Array, number> {
  let at = 0
  while (at + frameHeadBytes <= bytes.length) {
    const end = at + frameHeadBytes + bytes.readUInt32LE(at)
    const entry = bytes.subarray(at + frameHeadBytes, end)
    if (end > bytes.length || crc32(entry) !== bytes.readUInt32LE(at + 4)) break
    yield entry
    at = end
  }
  return bytes.length - at
}
