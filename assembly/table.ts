import { outDropped, table } from './layout'

// A series is known by 128 bits of its label bytes, hashed with seeds of this process: two series of the same hash are not
// to be expected before some 10^18 of them. A record takes 32 bytes, its place in the index 5 to 11.
const recordBytes: usize = 32
const atSecond: usize = 8
const atRef: usize = 16
const atFollower: usize = 20
const atSeen: usize = 24
const atLength: usize = 28

export const none: i32 = -1
const unwanted: i32 = -1
const unresolved: i32 = -2

let seedA: u64 = 0
let seedB: u64 = 0
let count: u32 = 0
let capacity: u32 = 0
let slots: usize = 0
let slotMask: u32 = 0
let probesMax: u32 = 0

/** The two halves of the hash last made. */
export let firstHash: u64 = 0
export let secondHash: u64 = 0

/** Begins with an empty table. */
export function open(a: u64, b: u64, probes: u32): void {
  seedA = a
  seedB = b
  probesMax = probes
  resize(1_024)
}

/** How many series are known. */
export function size(): u32 {
  return count
}

/** Makes sure that one more series can be added without memory growing. False when there is no more memory. */
export function makeRoom(): bool {
  return count < capacity ? true : resize(capacity * 2)
}

/** The entry of the key at `at`, or −1. */
export function find(at: usize, length: usize): i32 {
  hash(at, length)
  return lookUp(firstHash, secondHash)
}

/** Takes up the key at `at`, which `find` did not find; −1 when its place in the index is too crowded or memory is out. */
export function add(at: usize, length: usize, now: u32): i32 {
  if (!makeRoom()) return none
  hash(at, length)
  const entry = <i32>count
  const record = recordOf(entry)
  store<u64>(record, firstHash)
  store<u64>(record + atSecond, secondHash)
  store<i32>(record + atRef, unresolved)
  store<i32>(record + atFollower, none)
  store<u32>(record + atSeen, now)
  store<u32>(record + atLength, <u32>length)
  if (!index(entry)) return none
  count++
  return entry
}

export function ref(entry: i32): i32 {
  return load<i32>(recordOf(entry) + atRef)
}

export function setRef(entry: i32, to: i32): void {
  store<i32>(recordOf(entry) + atRef, to)
}

/** Notes that a series was seen, after another one. */
export function follow(before: i32, entry: i32, now: u32): void {
  store<u32>(recordOf(entry) + atSeen, now)
  if (before !== none && before !== entry) store<i32>(recordOf(before) + atFollower, entry)
}

/** Every series has to be asked for again. */
export function forgetRefs(): void {
  for (let entry: u32 = 0; entry < count; entry++) setRef(<i32>entry, unresolved)
}

/**
 * Forgets the series not seen since a time; entries are numbered anew. Answers how many went, and in `outDropped` how many of
 * those were wanted.
 */
export function sweep(since: u32): u32 {
  const before = count
  let kept: i32 = 0
  let wanted: u32 = 0
  for (let entry: u32 = 0; entry < before; entry++) {
    const record = recordOf(<i32>entry)
    if (load<u32>(record + atSeen) < since) {
      if (load<i32>(record + atRef) > unwanted) wanted++
      continue
    }
    if (kept !== <i32>entry) memory.copy(recordOf(kept), record, recordBytes)
    store<i32>(recordOf(kept) + atFollower, none)
    kept++
  }
  count = <u32>kept
  indexAll()
  store<u32>(outDropped, wanted)
  return before - count
}

/** The entry that followed another one last time, or −1. */
export function followerOf(before: i32): i32 {
  return before === none ? none : load<i32>(recordOf(before) + atFollower)
}

/** How many bytes the key of an entry has. */
export function lengthOf(entry: i32): usize {
  return <usize>load<u32>(recordOf(entry) + atLength)
}

/** Whether the bytes at `at` begin with the key of an entry; as many as it has must be there. */
export function isKeyOf(entry: i32, at: usize): bool {
  hash(at, lengthOf(entry))
  return isEntry(entry, firstHash, secondHash)
}

/** The halves of the hash of an entry. */
export function firstOf(entry: i32): u64 {
  return load<u64>(recordOf(entry))
}

export function secondOf(entry: i32): u64 {
  return load<u64>(recordOf(entry) + atSecond)
}

/** The entry that stands where a hash is looked for first, or −1: most often its own. */
export function entryAt(first: u64): i32 {
  return load<i32>(slots + ((<usize>(<u32>first & slotMask)) << 2)) - 1
}

/** The entry of a hash, or −1. */
export function lookUp(first: u64, second: u64): i32 {
  let slot = <u32>first & slotMask
  for (let probes: u32 = 0; probes < probesMax; probes++) {
    const entry = load<i32>(slots + ((<usize>slot) << 2)) - 1
    if (entry === none) return none
    if (isEntry(entry, first, second)) return entry
    slot = (slot + 1) & slotMask
  }
  return none
}

function isEntry(entry: i32, first: u64, second: u64): bool {
  const record = recordOf(entry)
  return load<u64>(record) === first && load<u64>(record + atSecond) === second
}

function index(entry: i32): bool {
  let slot = <u32>load<u64>(recordOf(entry)) & slotMask
  for (let probes: u32 = 0; probes < probesMax; probes++) {
    const place = slots + ((<usize>slot) << 2)
    if (load<i32>(place) === 0) {
      store<i32>(place, entry + 1)
      return true
    }
    slot = (slot + 1) & slotMask
  }
  return false
}

function indexAll(): void {
  memory.fill(slots, 0, (<usize>slotMask + 1) << 2)
  for (let entry: u32 = 0; entry < count; entry++) index(<i32>entry)
}

/** Records stay where they are; the index behind them is made anew, at most three quarters full. */
function resize(records: u32): bool {
  let slotCount: u32 = 1
  while (slotCount * 3 < records * 4) slotCount *= 2
  const start = table + <usize>records * recordBytes
  const end = start + ((<usize>slotCount) << 2)
  const pages = <i32>((end + 0xffff) >>> 16) - memory.size()
  if (pages > 0 && memory.grow(pages) < 0) return false
  capacity = records
  slots = start
  slotMask = slotCount - 1
  indexAll()
  return true
}

function recordOf(entry: i32): usize {
  return table + <usize>entry * recordBytes
}

const primeA: u64 = 0x9e3779b185ebca87
const primeB: u64 = 0xc2b2ae3d27d4eb4f
const primeC: u64 = 0x165667b19e3779f9

/**
 * Two hashes of 64 bits, each of all bytes, made side by side: every word goes into a chain of each, so that keys which differ
 * in one place differ in both. There are four chains of each, since a chain waits for one multiplication after the other.
 */
export function hash(start: usize, length: usize): void {
  let a0 = seedA ^ <u64>length
  let a1 = seedA + primeC
  let a2 = seedA ^ primeA
  let a3 = seedA + primeB
  let b0 = seedB + <u64>length
  let b1 = seedB ^ primeC
  let b2 = seedB + primeA
  let b3 = seedB ^ primeB
  let at = start
  const end = start + length
  for (; end - at >= 32; at += 32) {
    const word0 = load<u64>(at)
    const word1 = load<u64>(at + 8)
    const word2 = load<u64>(at + 16)
    const word3 = load<u64>(at + 24)
    a0 = rotl<u64>(a0 ^ word0, 29) * primeA
    b0 = rotl<u64>(b0 + word0, 37) * primeB
    a1 = rotl<u64>(a1 ^ word1, 31) * primeA
    b1 = rotl<u64>(b1 + word1, 41) * primeB
    a2 = rotl<u64>(a2 ^ word2, 29) * primeA
    b2 = rotl<u64>(b2 + word2, 37) * primeB
    a3 = rotl<u64>(a3 ^ word3, 31) * primeA
    b3 = rotl<u64>(b3 + word3, 41) * primeB
  }
  for (; end - at >= 8; at += 8) {
    const word = load<u64>(at)
    a0 = rotl<u64>(a0 ^ word, 29) * primeA
    b0 = rotl<u64>(b0 + word, 37) * primeB
  }
  let rest: u64 = 0
  for (; at < end; at++) rest = (rest << 8) | <u64>load<u8>(at)
  a1 = rotl<u64>(a1 ^ rest, 31) * primeA
  b1 = rotl<u64>(b1 + rest, 41) * primeB
  // Turned apart, so that what differs in one chain is not taken back by another.
  firstHash = stirred(a0 ^ rotl<u64>(a1, 32) ^ rotl<u64>(a2, 16) ^ rotl<u64>(a3, 48))
  secondHash = stirred(b0 + rotl<u64>(b1, 32) + rotl<u64>(b2, 16) + rotl<u64>(b3, 48))
}

function stirred(value: u64): u64 {
  let mixed = (value ^ (value >>> 33)) * primeB
  mixed = (mixed ^ (mixed >>> 29)) * primeC
  return mixed ^ (mixed >>> 32)
}
