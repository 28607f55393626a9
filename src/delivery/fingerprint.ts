const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
const separator = Uint8Array.of(0xff)

/** Alertmanager's fingerprint of a label set: FNV-1a, 64 bits, over name 0xFF value 0xFF in byte order of names, 16 hex digits. */
export function fingerprint(labels: ReadonlyMap<string, string>): string {
  const encoder = new TextEncoder()
  const pairs = [...labels].map(([name, value]) => [encoder.encode(name), encoder.encode(value)] as const)
  pairs.sort(([a], [b]) => Buffer.compare(a, b))
  let hash = offsetBasis
  for (const [name, value] of pairs) {
    for (const bytes of [name, separator, value, separator]) hash = fold(hash, bytes)
  }
  return hash.toString(16).padStart(16, '0')
}

function fold(start: bigint, bytes: Uint8Array): bigint {
  let hash = start
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  return hash
}
