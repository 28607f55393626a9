import { randomBytes } from 'node:crypto'
import { decompressedBodyBytesMax, seriesForgottenAfterMs, seriesProbesMax } from '../../core/model/limits.ts'
import { type EpochMs, minuteMs, secondMs } from '../../core/model/units.ts'
import type { SampleBatch, SeriesRef } from '../../ports/sample-sink.ts'
import type { SeriesAllowance } from '../series-allowance.ts'
import type { CacheEntry, SeriesIndex } from '../series-index.ts'
import type { FastModule } from './fast-module.ts'

const none: CacheEntry = -1

/** Why `advance` stopped. */
export type Stop = 'end' | 'full' | 'foreign'

const stops: readonly Stop[] = ['end', 'full', 'foreign']

/**
 * Recognises the series of one sender, and reads what it sends all day, in WebAssembly. A series costs some 40 bytes: it is
 * known by 128 bits of hash, with seeds that no sender knows, and its names and labels are not kept at all.
 */
export class FastIndex implements SeriesIndex {
  epoch = 0
  /** The samples that `advance` found. */
  batch: SampleBatch
  /** How many samples it passed, those of series that no SLO uses included. */
  received = 0
  stop: Stop = 'end'
  readonly #module: FastModule
  readonly #allowance: SeriesAllowance
  #memory: ArrayBuffer
  #bytes: Uint8Array
  #out: Int32Array
  /** The message being read. */
  #message: Uint8Array = empty
  #messageLength = 0
  /** How many texts the message has, in version 2.0. */
  #symbols = 0
  #current: CacheEntry = none
  #now: EpochMs = 0
  #sweepAbove = 1_024
  #sweptAt: EpochMs = Number.NEGATIVE_INFINITY

  constructor(module: FastModule, allowance: SeriesAllowance) {
    this.#module = module
    this.#allowance = allowance
    const seeds = randomBytes(16)
    module.open(seeds.readBigUInt64LE(0), seeds.readBigUInt64LE(8), seriesProbesMax)
    this.#memory = module.memory.buffer
    this.#bytes = new Uint8Array(this.#memory)
    this.#out = new Int32Array(this.#memory, 0, 32)
    this.batch = batchIn(module)
  }

  get size(): number {
    return this.#module.size()
  }

  get bytes(): number {
    return this.#module.memory.buffer.byteLength
  }

  begin(now: EpochMs): void {
    this.#now = now
  }

  end(): void {
    this.#setMessage(0)
  }

  /** Decompresses a body that `fits`; the message is read by `advance` and stands in `message`. */
  decompress(body: Uint8Array): { readonly kind: 'decoded'; readonly size: number } | { readonly kind: 'other' } {
    const { inputMax, input } = this.#module.layout
    if (body.length > inputMax) return { kind: 'other' }
    this.#refresh()
    this.#bytes.set(body, input)
    const size = this.#module.decompress(body.length)
    // Whatever is wrong, or too large for here, TypeScript looks at again and finds words for.
    if (size < 0 || size !== declaredLength(body) || size > decompressedBodyBytesMax) return { kind: 'other' }
    this.#setMessage(size)
    return { kind: 'decoded', size }
  }

  /** The message last decompressed; another view of it after memory has grown. */
  get message(): Uint8Array {
    return this.#message
  }

  /**
   * Reads the message from a place on, as far as it consists of samples of known series. Answers where it stopped; `stop`,
   * `batch` and `received` say why and what was found.
   */
  advance(from: number): number {
    return this.#advanced(this.#module.advance(from, this.#message.length, this.#current, this.#seconds()))
  }

  /** Finds the texts of a message of version 2.0; false where it is not one that `advanceV2` can read. */
  findSymbols(): boolean {
    this.#symbols = this.#module.findSymbols(this.#message.length)
    return this.#symbols >= 0
  }

  /** Does the same as `advance` for a message of version 2.0, after `findSymbols`. */
  advanceV2(from: number): number {
    const { length } = this.#message
    return this.#advanced(this.#module.advanceV2(from, length, this.#current, this.#seconds(), this.#symbols))
  }

  #advanced(next: number): number {
    const { layout } = this.#module
    const out = this.#out
    this.#current = out[layout.outCurrent >> 2]
    this.batch.length = out[layout.outLength >> 2]
    this.received = out[layout.outReceived >> 2]
    this.stop = stops[out[layout.outReason >> 2]]
    return next
  }

  /** Makes sure that one more series can be added while the message is being read: its bytes must not move meanwhile. */
  makeRoom(): void {
    this.#module.makeRoom()
    this.#refresh()
  }

  /** The order of series is known to `advance` alone. */
  expected(): number {
    return 0
  }

  takeExpected(): CacheEntry {
    return this.#current
  }

  find(bytes: Uint8Array, start: number, end: number): CacheEntry {
    const at = this.#place(bytes, start, end)
    const entry = at < 0 ? none : this.#module.find(at, end - start)
    return entry === none ? none : this.#moveTo(entry)
  }

  add(bytes: Uint8Array, start: number, end: number): CacheEntry {
    if (this.size >= this.#sweepAbove || this.#allowance.seriesLeft <= 0) this.#sweep()
    if (this.#allowance.seriesLeft <= 0) return none
    const at = this.#place(bytes, start, end)
    const entry = at < 0 ? none : this.#module.add(at, end - start, this.#seconds())
    if (entry === none) return none
    this.#allowance.seriesLeft--
    return this.#moveTo(entry)
  }

  ref(entry: CacheEntry): SeriesRef {
    return this.#module.ref(entry)
  }

  setRef(entry: CacheEntry, ref: SeriesRef): void {
    if (this.ref(entry) >= 0) this.#allowance.wanted--
    if (ref >= 0) this.#allowance.wanted++
    this.#module.setRef(entry, ref)
  }

  forgetRefs(): void {
    for (let entry = 0; entry < this.size; entry++) if (this.ref(entry) >= 0) this.#allowance.wanted--
    this.#module.forgetRefs()
  }

  /** Samples of remote write always carry their own time. */
  setOwnTime(): void {}

  lastSeenAt(): readonly SeriesRef[] {
    return []
  }

  clear(): void {
    this.#forget(0xffff_ffff)
  }

  #moveTo(entry: CacheEntry): CacheEntry {
    this.#module.follow(this.#current, entry, this.#seconds())
    this.#current = entry
    return entry
  }

  /** Forgets series that ended long ago; at most once a minute, because it looks at every one. */
  #sweep(): void {
    if (!(this.#now - this.#sweptAt >= minuteMs)) return
    this.#sweptAt = this.#now
    this.#forget(secondsOf(this.#now - seriesForgottenAfterMs))
    this.#sweepAbove = Math.max(1_024, this.size * 2)
  }

  #forget(sinceSeconds: number): void {
    const forgotten = this.#module.sweep(sinceSeconds)
    this.#allowance.seriesLeft += forgotten
    this.#allowance.wanted -= this.#out[this.#module.layout.outDropped >> 2]
    this.#current = none
    if (forgotten > 0) this.epoch++
  }

  /** Where bytes stand in the memory, after copying them there if they are not; −1 when they are too many for a key. */
  #place(bytes: Uint8Array, start: number, end: number): number {
    if (bytes.buffer === this.#module.memory.buffer) return bytes.byteOffset + start
    const { key, keyMax } = this.#module.layout
    if (end - start > keyMax) return -1
    this.#refresh()
    this.#bytes.set(bytes.subarray(start, end), key)
    return key
  }

  #seconds(): number {
    return secondsOf(this.#now)
  }

  /** Views of a memory that has grown are void. */
  #refresh(): void {
    const { buffer } = this.#module.memory
    if (buffer === this.#memory) return
    this.#memory = buffer
    this.#bytes = new Uint8Array(buffer)
    this.#out = new Int32Array(buffer, 0, 32)
    this.batch = batchIn(this.#module)
    this.#setMessage(this.#messageLength)
  }

  #setMessage(length: number): void {
    this.#messageLength = length
    this.#message = new Uint8Array(this.#memory, this.#module.layout.output, length)
  }
}

const empty = new Uint8Array(0)

/** Seconds of Unix time, which fit into 32 bits until 2106. */
function secondsOf(at: EpochMs): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(at / secondMs)))
}

/** The length that a snappy block declares, as far as it is small enough to matter. */
function declaredLength(body: Uint8Array): number {
  let length = 0
  for (let index = 0; index < 5 && index < body.length; index++) {
    length += (body[index] & 0x7f) * 2 ** (7 * index)
    if (body[index] < 0x80) break
  }
  return length
}

function batchIn({ memory: { buffer }, layout }: FastModule): SampleBatch {
  const capacity = layout.batchCapacity
  return {
    length: 0,
    refs: new Int32Array(buffer, layout.batchRefs, capacity),
    timesMs: new Float64Array(buffer, layout.batchTimes, capacity),
    values: new Float64Array(buffer, layout.batchValues, capacity),
    startsMs: new Float64Array(buffer, layout.batchStarts, capacity),
    hasStarts: false,
    stale: new Uint8Array(buffer, layout.batchStale, capacity),
  }
}
