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
import { afterLength, lengthEnd } from './fields'
import { key, keyMax, output, symbols, symbolsMax } from './layout'
import { find, follow, none, ref } from './table'

const tagSymbol: u32 = 0x22
const tagSeriesV2: u32 = 0x2a
const tagLabelRefs: u32 = 0x0a
const tagMetadata: u32 = 0x2a

/** Longer names and values are refused, with words for it. */
const nameMax: u32 = 1_024
const valueMax: u32 = 4_096
/** References of one series. */
const refsMax: u32 = 128
/** Labels of one message that are written out: a few bytes of references may stand for very many. */
const keyBytesMax: u64 = 256 * 1024 * 1024

let keyBytes: u64 = 0

/**
 * Notes where the texts of a message of `size` bytes stand; answers how many there are, or −1 where they are too many or the
 * message holds anything but texts and series.
 */
export function findSymbols(size: u32): i32 {
  const end = output + <usize>size
  let at = output
  let count: u32 = 0
  keyBytes = 0
  while (at < end) {
    const tag = <u32>load<u8>(at)
    const contentAt = tag === tagSymbol || tag === tagSeriesV2 ? afterLength(at + 1, end) : 0
    if (contentAt === 0) return none
    if (tag === tagSymbol) {
      if (count === symbolsMax) return none
      const place = symbols + 8 * <usize>count
      count++
      store<u32>(place, <u32>(contentAt - output))
      store<u32>(place + 4, <u32>(lengthEnd - contentAt))
    }
    at = lengthEnd
  }
  return <i32>count
}

/**
 * Does for an io.prometheus.write.v2.Request what `advance` does for 1.0. A series is known by the same key: its labels are
 * written out as 1.0 has them, from the `count` texts that `findSymbols` noted.
 */
export function advanceV2(from: u32, size: u32, before: i32, now: u32, count: u32): u32 {
  const end = output + <usize>size
  let at = output + <usize>from
  let current = before
  let reason = reasonEnd
  fillFrom(0, 0)
  while (at < end) {
    const tag = <u32>load<u8>(at)
    const contentAt = tag === tagSymbol || tag === tagSeriesV2 ? afterLength(at + 1, end) : 0
    if (contentAt === 0) {
      reason = reasonForeign
      break
    }
    const contentEnd = lengthEnd
    if (tag === tagSymbol) {
      at = contentEnd
      continue
    }
    const keyLength = writeKey(contentAt, contentEnd, count)
    const entry = keyLength === 0 ? none : find(key, keyLength)
    const target = entry === none ? none : ref(entry)
    if (entry === none || target < unwanted) {
      reason = reasonForeign
      break
    }
    const taken = length
    const counted = received
    reason = points(pointsAt, contentEnd, target)
    if (reason !== reasonEnd) {
      // All of this series is read again, here or there.
      fillFrom(taken, counted)
      break
    }
    follow(current, entry, now)
    current = entry
    at = contentEnd
  }
  return stopAt(at, reason, current)
}

/** Where the points of a series start, after `writeKey`. */
let pointsAt: usize = 0

/** Writes the labels that a series begins with to `key`; answers how many bytes, or 0 where that is not to be had easily. */
function writeKey(contentAt: usize, contentEnd: usize, count: u32): usize {
  if (contentAt >= contentEnd || <u32>load<u8>(contentAt) !== tagLabelRefs) return 0
  let at = afterLength(contentAt + 1, contentEnd)
  if (at === 0) return 0
  const end = lengthEnd
  let to = key
  let refs: u32 = 0
  while (at < end) {
    const name = symbolAt(at, end, count)
    if (name === 0) return 0
    const value = symbolAt(symbolEnd, end, count)
    if (value === 0) return 0
    at = symbolEnd
    const nameLength = load<u32>(name + 4)
    const valueLength = load<u32>(value + 4)
    refs += 2
    if (refs > refsMax || nameLength > nameMax || valueLength > valueMax) return 0
    const labelLength = 2 + varintSize(nameLength) + nameLength + varintSize(valueLength) + valueLength
    if (to - key + <usize>labelLength + 4 > keyMax) return 0
    to = writeText(writeHead(to, 0x0a, labelLength), 0x0a, name)
    to = writeText(to, 0x12, value)
  }
  keyBytes += <u64>(to - key)
  if (keyBytes > keyBytesMax) return 0
  pointsAt = end
  return to - key
}

/** Where the reference ends that `symbolAt` read. */
let symbolEnd: usize = 0

/** The place of a text by the reference at `start`, or 0 where there is none of that number. */
function symbolAt(start: usize, end: usize, count: u32): usize {
  let at = start
  let symbol: u32 = 0
  for (let shift: u32 = 0; ; shift += 7) {
    if (at >= end || shift > 21) return 0
    const byte = <u32>load<u8>(at++)
    symbol |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  symbolEnd = at
  return symbol < count ? symbols + 8 * <usize>symbol : 0
}

function writeHead(to: usize, tag: u32, size: u32): usize {
  store<u8>(to++, tag)
  let rest = size
  while (rest >= 0x80) {
    store<u8>(to++, (rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  store<u8>(to++, rest)
  return to
}

/** Copies in words, and so up to 15 bytes too many, which the next text overwrites or the slack takes. */
function writeText(start: usize, tag: u32, symbol: usize): usize {
  const from = output + <usize>load<u32>(symbol)
  const size = load<u32>(symbol + 4)
  const to = writeHead(start, tag, size)
  for (let done: usize = 0; done < <usize>size; done += 16) v128.store(to + done, v128.load(from + done))
  return to + <usize>size
}

function varintSize(size: u32): u32 {
  return size < 0x80 ? 1 : size < 0x4000 ? 2 : 3
}

/** Samples, and metadata that nobody needs. */
function points(start: usize, end: usize, target: i32): u32 {
  let at = start
  while (at < end) {
    const tag = <u32>load<u8>(at)
    if (tag === tagMetadata) {
      if (afterLength(at + 1, end) === 0) return reasonForeign
      at = lengthEnd
      continue
    }
    if (tag !== tagSample) return reasonForeign
    const reason = takeSample(at + 1, end, target)
    if (reason !== reasonEnd) return reason
    at = sampleEnd
  }
  return reasonEnd
}
