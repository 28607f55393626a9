/** Numbers below a bound, the same ones for the same seed. */
export type Draw = (below: number) => number

/** A small generator (mulberry32): the same numbers on every machine. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Bytes at which decoders turn: ends of varints, signs, what text and protobuf are made of. */
const telling = [0x00, 0x01, 0x08, 0x0a, 0x12, 0x1a, 0x20, 0x22, 0x7b, 0x7d, 0x7f, 0x80, 0x81, 0xc0, 0xff]

/** Some bytes made of others: a few of eight changes, one after the other. */
export function mutated(bytes: Uint8Array, other: Uint8Array, words: readonly Uint8Array[], draw: Draw): Uint8Array {
  let out = bytes
  for (let changes = 1 + draw(4); changes > 0; changes--) out = changed(out, other, words, draw)
  return out.length > bytesMax ? out.subarray(0, bytesMax) : out
}

const bytesMax = 4_096

function changed(bytes: Uint8Array, other: Uint8Array, words: readonly Uint8Array[], draw: Draw): Uint8Array {
  const at = draw(bytes.length + 1)
  const until = Math.min(bytes.length, at + 1 + draw(draw(2) === 0 ? 4 : 64))
  switch (draw(8)) {
    case 0:
      return replaced(bytes, at, until, Uint8Array.of((bytes[at] ?? 0) ^ (1 << draw(8))))
    case 1:
      return withByte(bytes, at, telling[draw(telling.length)] ?? 0)
    case 2:
      return withByte(bytes, at, draw(256))
    case 3:
      return replaced(bytes, at, until, nothing)
    case 4:
      return replaced(bytes, at, at, bytes.subarray(at, until))
    case 5:
      return replaced(bytes, at, at, words[draw(words.length)] ?? nothing)
    case 6:
      return withByte(bytes, at, ((bytes[at] ?? 0) + draw(9) - 4) & 0xff)
    default: {
      const from = draw(other.length + 1)
      return replaced(bytes, at, until, other.subarray(from, Math.min(other.length, from + 1 + draw(64))))
    }
  }
}

const nothing = new Uint8Array(0)

function withByte(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  return replaced(bytes, at, Math.min(bytes.length, at + 1), Uint8Array.of(byte))
}

function replaced(bytes: Uint8Array, from: number, until: number, by: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(until)])
}
