/** FNV-1a's offset basis 0xcbf29ce484222325, as its lower and its upper half. */
const offsetBasis = [0x84222325, 0xcbf29ce4] as const
const separator = '\u00ff'

/** Alertmanager's fingerprint of a label set: FNV-1a, 64 bits, over name 0xFF value 0xFF in byte order of names, 16 hex digits. */
export function fingerprint(labels: Iterable<readonly [name: string, value: string]>): string {
  const pairs = Array.from(labels, ([name, value]) => [bytesOf(name), bytesOf(value)] as const)
  // A code unit for each byte: to compare those is to compare the bytes.
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  let bytes = ''
  for (const [name, value] of pairs) bytes += name + separator + value + separator
  return hashOf(bytes)
}

/** The bytes of UTF-8 as the code units of a text; most labels are ASCII, which is that already. */
function bytesOf(text: string): string {
  return isAscii.test(text) ? text : Buffer.from(text).toString('latin1')
}

const isAscii = /^[ -~]*$/

/**
 * FNV-1a over bytes: each goes into the lowest bits, then the whole is multiplied by the prime 2^40 + 0x1b3. The lower half is
 * multiplied in two parts of 16 bits, so that every product is exact in 32 and neither a BigInt nor a double is made for a byte.
 */
function hashOf(bytes: string): string {
  let [low, high]: readonly [number, number] = offsetBasis
  for (let index = 0; index < bytes.length; index++) {
    low ^= bytes.charCodeAt(index)
    const first = (low & 0xffff) * 0x1b3
    const second = (low >>> 16) * 0x1b3 + (first >>> 16)
    high = (Math.imul(high, 0x1b3) + (low << 8) + (second >>> 16)) | 0
    low = (second << 16) | (first & 0xffff)
  }
  return hex(high) + hex(low)
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0')
}
