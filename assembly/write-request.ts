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
import { find, follow, followerOf, isKeyOf, lengthOf, none, ref } from './table'

/** Why `advance` stopped: at the end, because the batch is full, or before a field that TypeScript has to read. */
const reasonEnd: u32 = 0
const reasonFull: u32 = 1
const reasonForeign: u32 = 2

const tagSeries: u32 = 0x0a
const tagLabel: u32 = 0x0a
const tagSample: u32 = 0x12
const tagValue: u32 = 0x09
const tagTime: u32 = 0x10

/** The NaN by which Prometheus marks the end of a series. */
const staleMarker: u64 = 0x7ff0_0000_0000_0002

const unwanted: i32 = -1

/** The samples found in this call. */
let length: u32 = 0
let received: u32 = 0

/**
 * Reads a prometheus.WriteRequest of `size` bytes from `from` on, both counted from `output`, as far as it consists of series
 * that are known and hold nothing but samples. Their samples go into the batch; every other field is left to TypeScript,
 * which begins with the first byte that this answers. `before` is the entry of the series before.
 */
export function advance(from: u32, size: u32, before: i32, now: u32): u32 {
  const end = output + <usize>size
  let at = output + <usize>from
  let current = before
  let reason = reasonEnd
  length = 0
  received = 0
  while (at < end) {
    if (<u32>load<u8>(at) !== tagSeries) {
      reason = reasonForeign
      break
    }
    const contentAt = afterLength(at + 1, end)
    if (contentAt === 0) {
      reason = reasonForeign
      break
    }
    const seriesEnd = lengthEnd
    let pointsAt = contentAt
    const follower = followerOf(current)
    let entry = isInOrder ? expected(follower, contentAt, seriesEnd) : none
    if (entry !== none) pointsAt += lengthOf(entry)
    else {
      pointsAt = labelsEnd(contentAt, seriesEnd)
      if (pointsAt !== 0) entry = find(contentAt, pointsAt - contentAt)
      isInOrder = entry === follower
    }
    if (entry === none) {
      reason = reasonForeign
      break
    }
    const taken = length
    const counted = received
    const target = ref(entry)
    reason = target < unwanted ? reasonForeign : samples(pointsAt, seriesEnd, target)
    if (reason !== reasonEnd) {
      // All of this series is read again, here or there.
      length = taken
      received = counted
      break
    }
    follow(current, entry, now)
    current = entry
    at = seriesEnd
  }
  // A series that fills a batch of its own will not fit into the next one either.
  if (reason === reasonFull && length === 0) reason = reasonForeign
  store<u32>(outReason, reason)
  store<i32>(outCurrent, current)
  store<u32>(outLength, length)
  store<u32>(outReceived, received)
  return <u32>(at - output)
}

/** Where the length-delimited content ends, of which `afterLength` answered the start. */
let lengthEnd: usize = 0

/** Reads a length of up to three bytes; answers where its content starts, or 0 where it does not fit before the end. */
function afterLength(start: usize, end: usize): usize {
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

/** Whether the last series was the one to be expected: where it was not, the next one hardly will be. */
let isInOrder: bool = true

/**
 * The entry that followed last time, if the labels at `at` are all and only its own: then nobody has to look where they end.
 * None of its bytes is looked at where one label more follows.
 */
function expected(follower: i32, at: usize, end: usize): i32 {
  if (follower === none) return none
  const length = lengthOf(follower)
  if (length > end - at || (length < end - at && <u32>load<u8>(at + length) === tagLabel)) return none
  return isKeyOf(follower, at) ? follower : none
}

/** The end of the labels that a series begins with, or 0 where that is not to be had easily. */
function labelsEnd(start: usize, end: usize): usize {
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

function samples(start: usize, end: usize, target: i32): u32 {
  let at = start
  while (at < end) {
    if (<u32>load<u8>(at) !== tagSample || at + 2 > end) return reasonForeign
    const size = <usize>load<u8>(at + 1)
    at += 2
    if (size >= 0x80 || size > end - at) return reasonForeign
    if (length === batchCapacity) return reasonFull
    if (!sample(at, at + size, target)) return reasonForeign
    at += size
  }
  return reasonEnd
}

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
