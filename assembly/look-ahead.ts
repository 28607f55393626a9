import { afterLength, labelsEnd, lengthEnd, tagSeries } from './fields'
import { ahead, aheadMax } from './layout'
import { entryAt, firstHash, firstOf, hash, lookUp, none, secondHash, secondOf } from './table'

// Series in no order stand anywhere in the table, and each look-up waits for memory twice: for its slot and for its record.
// Looking many up side by side lets memory answer them side by side.

/** What is known of a series further on in the message; the entry is a guess until its hashes are compared. */
const itemBytes: usize = 48
const atPoints: usize = 4
const atGuess: usize = 12
const atFirst: usize = 16
const atSecond: usize = 24
const atGuessFirst: usize = 32
const atGuessSecond: usize = 40

let count: u32 = 0
let next: u32 = 0
/** So many are looked up the next time: where most series are new, what is looked up ahead is done again. */
let wanted: u32 = 2

/** What was looked up ahead is void: the table may have changed, or another message stands there. */
export function lookNowhere(): void {
  count = 0
  next = 0
  wanted = 2
}

/** Where the points of a series start, after `entryAhead`; 0 where its labels are not easily read. */
export let pointsAhead: usize = 0

/** The entry of the series of which the content stands from `contentAt` to `seriesEnd`, or −1. Its message ends at `end`. */
export function entryAhead(contentAt: usize, seriesEnd: usize, end: usize): i32 {
  if (next >= count || <usize>load<u32>(itemOf(next)) !== contentAt) look(contentAt, seriesEnd, end)
  const item = itemOf(next++)
  pointsAhead = <usize>load<u32>(item + atPoints)
  if (pointsAhead === 0) return none
  const guess = load<i32>(item + atGuess)
  const first = load<u64>(item + atFirst)
  const second = load<u64>(item + atSecond)
  if (guess !== none && load<u64>(item + atGuessFirst) === first && load<u64>(item + atGuessSecond) === second)
    return guess
  return lookUp(first, second)
}

function look(contentAt: usize, seriesEnd: usize, end: usize): void {
  let start = contentAt
  let stop = seriesEnd
  count = 0
  next = 0
  for (;;) {
    const item = itemOf(count++)
    const points = labelsEnd(start, stop)
    store<u32>(item, <u32>start)
    store<u32>(item + atPoints, <u32>points)
    if (points === 0) break
    hash(start, points - start)
    store<u64>(item + atFirst, firstHash)
    store<u64>(item + atSecond, secondHash)
    if (count >= wanted || stop >= end || <u32>load<u8>(stop) !== tagSeries) break
    start = afterLength(stop + 1, end)
    if (start === 0) break
    stop = lengthEnd
  }
  // One kind of waiting at a time.
  for (let index: u32 = 0; index < count; index++) {
    const item = itemOf(index)
    store<i32>(item + atGuess, entryAt(load<u64>(item + atFirst)))
  }
  for (let index: u32 = 0; index < count; index++) {
    const item = itemOf(index)
    const guess = load<i32>(item + atGuess)
    if (guess === none) continue
    store<u64>(item + atGuessFirst, firstOf(guess))
    store<u64>(item + atGuessSecond, secondOf(guess))
  }
  if (wanted < aheadMax) wanted *= 2
}

function itemOf(index: u32): usize {
  return ahead + <usize>index * itemBytes
}
