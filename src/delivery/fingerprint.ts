/** FNV-1a's offset basis 0xcbf29ce484222325, as four parts of 16 bits, the lowest first. */
const offsetBasis = [0x2325, 0x8422, 0x9ce4, 0xcbf2] as const
const separator = 0xff

/** Alertmanager's fingerprint of a label set: FNV-1a, 64 bits, over name 0xFF value 0xFF in byte order of names, 16 hex digits. */
export function fingerprint(labels: ReadonlyMap<string, string>): string {
  const pairs = [...labels].map(([name, value]) => [bytesOf(name), bytesOf(value)] as const)
  // A code unit for each byte: to compare those is to compare the bytes.
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const hash = new Uint16Array(offsetBasis)
  for (const [name, value] of pairs) {
    fold(hash, name)
    fold(hash, value)
  }
  const [lowest, low, high, highest] = hash
  return hex(highest) + hex(high) + hex(low) + hex(lowest)
}

/** The bytes of UTF-8 as the code units of a text; most labels are ASCII, which is that already. */
function bytesOf(text: string): string {
  return isAscii.test(text) ? text : Buffer.from(text).toString('latin1')
}

const isAscii = /^[ -~]*$/

/**
 * FNV-1a over some bytes and the separator: each goes into the lowest bits, then the whole is multiplied by the prime 2^40 + 0x1b3.
 * Parts of 16 bits keep every product exact in a number, so that no BigInt is made for every byte.
 */
function fold(hash: Uint16Array, bytes: string): void {
  let [a, b, c, d] = hash
  for (let index = 0; index <= bytes.length; index++) {
    a ^= index < bytes.length ? bytes.charCodeAt(index) : separator
    const low = a * 0x1b3
    const second = b * 0x1b3 + (low >>> 16)
    const third = c * 0x1b3 + (a << 8) + (second >>> 16)
    const fourth = d * 0x1b3 + (b << 8) + (third >>> 16)
    a = low & 0xffff
    b = second & 0xffff
    c = third & 0xffff
    d = fourth & 0xffff
  }
  hash[0] = a
  hash[1] = b
  hash[2] = c
  hash[3] = d
}

function hex(part: number): string {
  return part.toString(16).padStart(4, '0')
}
