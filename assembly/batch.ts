import {
  batchCapacity,
  batchRefs,
  batchStale,
  batchStarts,
  batchTimes,
  batchValues,
  outCurrent,
  outLength,
  output,
  outReason,
  outReceived,
} from './layout'

/** Why a walk stopped: at the end, because the batch is full, or before a field that TypeScript has to read. */
export const reasonEnd: u32 = 0
export const reasonFull: u32 = 1
export const reasonForeign: u32 = 2

export const tagSample: u32 = 0x12
const tagValue: u32 = 0x09
const tagTime: u32 = 0x10

/** The NaN by which Prometheus marks the end of a series. */
const staleMarker: u64 = 0x7ff0_0000_0000_0002

export const unwanted: i32 = -1

/** The samples found in this call, and how many were passed, those of series that no SLO uses included. */
export let length: u32 = 0
export let received: u32 = 0

/** Begins with an empty batch, or goes back to what it was before a series. */
export function fillFrom(lengthBefore: u32, receivedBefore: u32): void {
  length = lengthBefore
  received = receivedBefore
}

/** Says why a walk stopped, after which series, and what it found; answers where it stopped, as counted from `output`. */
export function stopAt(at: usize, why: u32, current: i32): u32 {
  // A series that fills a batch of its own will not fit into the next one either.
  const reason = why === reasonFull && length === 0 ? reasonForeign : why
  store<u32>(outReason, reason)
  store<i32>(outCurrent, current)
  store<u32>(outLength, length)
  store<u32>(outReceived, received)
  return <u32>(at - output)
}

/** Takes the sample at `at`, behind its tag, for a series; answers a reason other than `reasonEnd` where that cannot be. */
export function takeSample(at: usize, end: usize, target: i32): u32 {
  if (at >= end) return reasonForeign
  const size = <usize>load<u8>(at)
  if (size >= 0x80 || size > end - at - 1) return reasonForeign
  if (length === batchCapacity) return reasonFull
  if (!sample(at + 1, at + 1 + size, target)) return reasonForeign
  sampleEnd = at + 1 + size
  return reasonEnd
}

/** Where the sample ends that `takeSample` took. */
export let sampleEnd: usize = 0

/** Fields that are absent are 0; those that come twice count as they come last. */
function sample(start: usize, end: usize, target: i32): bool {
  let at = start
  let bits: u64 = 0
  let time: i64 = 0
  while (at < end) {
    const tag = <u32>load<u8>(at++)
    if (tag === tagValue) {
      if (end - at < 8) return false
      bits = load<u64>(at)
      at += 8
    } else if (tag === tagTime) {
      // The slack behind a message lets eight bytes be read anywhere in it.
      const word = load<u64>(at)
      if (end - at >= 6 && (word & lastBits) === sixBytes) {
        time = <i64>sevenBits(word)
        at += 6
        continue
      }
      let value: u64 = 0
      let shift: u64 = 0
      for (;;) {
        if (at >= end || shift > 56) return false
        const byte = <u64>load<u8>(at++)
        value |= (byte & 0x7f) << shift
        if (byte < 0x80) break
        shift += 7
      }
      time = <i64>value
    } else return false
  }
  received++
  if (target === unwanted) return true
  const index = <usize>length
  store<f64>(batchTimes + (index << 3), <f64>time)
  store<u64>(batchValues + (index << 3), bits)
  store<f64>(batchStarts + (index << 3), NaN)
  store<i32>(batchRefs + (index << 2), target)
  store<u8>(batchStale + index, bits === staleMarker ? 1 : 0)
  length++
  return true
}

/** Milliseconds from 2004 to 2109 are numbers of six bytes: these bits say of each byte whether another follows. */
const lastBits: u64 = 0x0000_8080_8080_8080
const sixBytes: u64 = 0x0000_0080_8080_8080

/** The lower seven bits of six bytes in a row. */
function sevenBits(word: u64): u64 {
  return (
    (word & 0x7f) |
    ((word >> 1) & (0x7f << 7)) |
    ((word >> 2) & (0x7f << 14)) |
    ((word >> 3) & (0x7f << 21)) |
    ((word >> 4) & ((<u64>0x7f) << 28)) |
    ((word >> 5) & ((<u64>0x7f) << 35))
  )
}
