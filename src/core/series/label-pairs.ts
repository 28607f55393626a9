import { NumberTable } from './number-table.ts'
import { grown, roomFor } from './room.ts'

/** A label value longer than this many bytes is refused long before it comes here (`labelValueBytesMax`). */
export const labelValueLengthMax = 0x7fff

/** Answered where nobody holds a pair. */
export const unknownPair = -1

/**
 * Names and values of labels, shared by all series that carry them, by number. A value takes a byte a character (two where
 * one of them is beyond Latin-1) and some 28 beside; one that nobody holds any more leaves its room to others.
 */
export class LabelPairs {
  readonly #nameNumbers = new Map<string, number>()
  readonly #names: string[] = []
  /** The text of all values; holes are filled by values of equal length. */
  #text = new Uint8Array(1024)
  #textEnd = 0
  readonly #holes: number[][] = []
  #starts = new Uint32Array(16)
  /** Bytes of text; the highest bit says that each character takes two. */
  #lengths = new Uint16Array(16)
  #nameOf = new Uint16Array(16)
  #hashes = new Int32Array(16)
  #holders = new Int32Array(16)
  readonly #table = new NumberTable((pair) => this.#hashes[pair])
  #length = 0
  readonly #free: number[] = []
  /** The value at hand. */
  #wanted = new Uint8Array(256)

  /** How many different pairs are held. */
  get size(): number {
    return this.#length - this.#free.length
  }

  /** Bytes held. */
  get byteLength(): number {
    const tables = [this.#starts, this.#lengths, this.#nameOf, this.#hashes, this.#holders, this.#table]
    return tables.reduce((sum, { byteLength }) => sum + byteLength, this.#text.byteLength)
  }

  /** The number of a pair; `unknownPair` where nobody holds it. */
  find(name: string, value: string): number {
    const nameNumber = this.#nameNumbers.get(name)
    if (nameNumber === undefined) return unknownPair
    return this.#look(nameNumber, this.#spell(value))
  }

  /** Takes hold of a pair; answers its number. Throws for a value that is longer than `labelValueLengthMax`. */
  hold(name: string, value: string): number {
    let nameNumber = this.#nameNumbers.get(name)
    if (nameNumber === undefined) {
      nameNumber = this.#names.push(name) - 1
      this.#nameNumbers.set(name, nameNumber)
    }
    const length = this.#spell(value)
    const known = this.#look(nameNumber, length)
    const pair = known === unknownPair ? this.#add(nameNumber, length) : known
    this.#holders[pair]++
    return pair
  }

  /** Takes hold of a pair that is held. */
  holdAgain(pair: number): void {
    this.#holders[pair]++
  }

  /** Lets go of a pair. */
  release(pair: number): void {
    if (--this.#holders[pair] > 0) return
    this.#table.remove(pair)
    const bytes = this.#lengths[pair] & lengthMask
    this.#holes[bytes] ??= []
    this.#holes[bytes].push(this.#starts[pair])
    this.#free.push(pair)
  }

  name(pair: number): string {
    return this.#names[this.#nameOf[pair]]
  }

  value(pair: number): string {
    const start = this.#starts[pair]
    const length = this.#lengths[pair]
    const bytes = this.#text.subarray(start, start + (length & lengthMask))
    if (length === bytes.length) return Reflect.apply(String.fromCharCode, undefined, bytes)
    let value = ''
    for (let at = 0; at < bytes.length; at += 2) value += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8))
    return value
  }

  /** Writes a value where it can be compared; answers its length as it is kept. */
  #spell(value: string): number {
    if (value.length * 2 > this.#wanted.length) this.#wanted = new Uint8Array(value.length * 2)
    const wanted = this.#wanted
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0xff) return this.#spellWide(value)
      wanted[index] = code
    }
    return fitting(value.length)
  }

  #spellWide(value: string): number {
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      this.#wanted[2 * index] = code & 0xff
      this.#wanted[2 * index + 1] = code >>> 8
    }
    return fitting(value.length * 2) | wideBit
  }

  #look(nameNumber: number, length: number): number {
    const bytes = length & lengthMask
    const hash = hashOf(this.#wanted, bytes, nameNumber)
    const { slots } = this.#table
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const pair = slots[slot] - 1
      if (pair < 0) return unknownPair
      if (this.#hashes[pair] !== hash || this.#lengths[pair] !== length || this.#nameOf[pair] !== nameNumber) continue
      const start = this.#starts[pair]
      let same = 0
      while (same < bytes && this.#text[start + same] === this.#wanted[same]) same++
      if (same === bytes) return pair
    }
  }

  #add(nameNumber: number, length: number): number {
    const pair = this.#free.pop() ?? this.#length++
    this.#reserve(pair + 1)
    const bytes = length & lengthMask
    const start = this.#place(bytes)
    for (let index = 0; index < bytes; index++) this.#text[start + index] = this.#wanted[index]
    this.#starts[pair] = start
    this.#lengths[pair] = length
    this.#nameOf[pair] = nameNumber
    this.#hashes[pair] = hashOf(this.#wanted, bytes, nameNumber)
    this.#holders[pair] = 0
    this.#table.add(pair)
    return pair
  }

  #place(bytes: number): number {
    const hole = this.#holes[bytes]?.pop()
    if (hole !== undefined) return hole
    const start = this.#textEnd
    this.#textEnd += bytes
    if (this.#textEnd > this.#text.length) {
      this.#text = grown(this.#text, new Uint8Array(roomFor(this.#textEnd)))
    }
    return start
  }

  #reserve(length: number): void {
    if (length <= this.#holders.length) return
    const capacity = roomFor(length)
    this.#starts = grown(this.#starts, new Uint32Array(capacity))
    this.#lengths = grown(this.#lengths, new Uint16Array(capacity))
    this.#nameOf = grown(this.#nameOf, new Uint16Array(capacity))
    this.#hashes = grown(this.#hashes, new Int32Array(capacity))
    this.#holders = grown(this.#holders, new Int32Array(capacity))
  }
}

const wideBit = 0x8000
const lengthMask = 0x7fff

function fitting(bytes: number): number {
  if (bytes > labelValueLengthMax) throw new RangeError(`a label value of ${bytes} bytes`)
  return bytes
}

function hashOf(bytes: Uint8Array, length: number, seed: number): number {
  let hash = 0x811c_9dc5 ^ seed
  for (let index = 0; index < length; index++) hash = Math.imul(hash ^ bytes[index], 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  return hash ^ (hash >>> 13)
}
