export const tagSeries: u32 = 0x0a
export const tagLabel: u32 = 0x0a

/** Where the length-delimited content ends, of which `afterLength` answered the start. */
export let lengthEnd: usize = 0

/** Reads a length of up to three bytes; answers where its content starts, or 0 where it does not fit before the end. */
export function afterLength(start: usize, end: usize): usize {
  let at = start
  if (at >= end) return 0
  let size = <usize>load<u8>(at++)
  if (size >= 0x80) {
    if (at >= end) return 0
    const more = <usize>load<u8>(at++)
    size = (size & 0x7f) | (more << 7)
    if (more >= 0x80) {
      if (at >= end) return 0
      const most = <usize>load<u8>(at++)
      if (most >= 0x80) return 0
      size = (size & 0x3fff) | (most << 14)
    }
  }
  if (size > end - at) return 0
  lengthEnd = at + size
  return at
}

/** The end of the labels that a series begins with, or 0 where that is not to be had easily. */
export function labelsEnd(start: usize, end: usize): usize {
  let at = start
  while (at < end && <u32>load<u8>(at) === tagLabel) {
    if (at + 1 < end && load<u8>(at + 1) < 0x80) {
      at += 2 + <usize>load<u8>(at + 1)
      if (at > end) return 0
      continue
    }
    if (afterLength(at + 1, end) === 0) return 0
    at = lengthEnd
  }
  return at
}
