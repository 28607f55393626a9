/** Says what is behind four doors, each of which opens by one byte alone. */
export function maze(bytes: Uint8Array): string {
  if (bytes[0] !== 0x53) return 'outside'
  if (bytes[1] !== 0x4c) return 'first'
  if (bytes[2] !== 0x4f) return 'second'
  return bytes[3] === 0x21 ? 'found' : 'third'
}
