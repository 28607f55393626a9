import {
  fillFrom,
  length,
  reasonEnd,
  reasonForeign,
  received,
  sampleEnd,
  stopAt,
  tagSample,
  takeSample,
  unwanted,
} from './batch'
import { afterLength, lengthEnd, tagLabel, tagSeries } from './fields'
import { output } from './layout'
import { entryAhead, lookNowhere, pointsAhead } from './look-ahead'
import { follow, followerOf, isKeyOf, lengthOf, none, ref } from './table'

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
  fillFrom(0, 0)
  lookNowhere()
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
      entry = entryAhead(contentAt, seriesEnd, end)
      pointsAt = pointsAhead
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
      fillFrom(taken, counted)
      break
    }
    follow(current, entry, now)
    current = entry
    at = seriesEnd
  }
  return stopAt(at, reason, current)
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

function samples(start: usize, end: usize, target: i32): u32 {
  let at = start
  while (at < end) {
    if (<u32>load<u8>(at) !== tagSample) return reasonForeign
    const reason = takeSample(at + 1, end, target)
    if (reason !== reasonEnd) return reason
    at = sampleEnd
  }
  return reasonEnd
}
