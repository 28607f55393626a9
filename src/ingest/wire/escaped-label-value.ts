/** The bytes of a label value as a text page writes them: `\\`, `\"` and `\n` for what would end it. */
export function escapedLabelValue(bytes: Uint8Array): Uint8Array {
  let extra = 0
  for (const byte of bytes) if (isSpecial(byte)) extra++
  if (extra === 0) return bytes
  const escaped = new Uint8Array(bytes.length + extra)
  let at = 0
  for (const byte of bytes) {
    if (isSpecial(byte)) escaped[at++] = 0x5c
    escaped[at++] = byte === 0x0a ? 0x6e : byte
  }
  return escaped
}

function isSpecial(byte: number): boolean {
  return byte === 0x5c || byte === 0x22 || byte === 0x0a
}
