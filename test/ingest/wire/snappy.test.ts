import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import snappyjs from 'snappyjs'
import { ScratchBuffer } from '../../../src/ingest/wire/scratch-buffer.ts'
import { decodeSnappy } from '../../../src/ingest/wire/snappy.ts'
import { compress } from '../../support/ingest-write-requests.ts'

const scratch = new ScratchBuffer(1 << 20)
const lengthMax = 1 << 24

/** Bytes with and without repetitions near and far. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 5_000 }),
  fc
    .array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 40 })), { maxLength: 30 })
    .map((runs) =>
      Uint8Array.from(runs.flatMap(([bytes, count]) => Array.from({ length: count }, () => [...bytes]).flat())),
    ),
)

test('gives back what snappyjs compressed', () => {
  fc.assert(
    fc.property(contents, (content) => {
      const result = decodeSnappy(compress(content), scratch, lengthMax)
      assert.equal(result.kind, 'decoded')
      assert.deepEqual(Buffer.from(result.bytes), Buffer.from(content))
    }),
  )
})

test('says the same as snappyjs about mutated blocks, or refuses them, and never throws', () => {
  const mutations = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 })
  fc.assert(
    fc.property(contents, mutations, fc.nat(), (content, changes, cut) => {
      const block = compress(content)
      for (const [at, byte] of changes) block[at % block.length] = byte
      const shortened = block.subarray(0, cut % 3 === 0 ? cut % (block.length + 1) : block.length)
      const result = decodeSnappy(shortened, scratch, lengthMax)
      if (result.kind !== 'decoded') return
      assert.deepEqual(Buffer.from(result.bytes), Buffer.from(snappyjs.uncompress(shortened)))
    }),
    { numRuns: 500 },
  )
})

test('never throws on random bytes and never hands out more than the limit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const result = decodeSnappy(bytes, scratch, 1_000)
      if (result.kind === 'decoded') assert.ok(result.bytes.length <= 1_000)
    }),
    { numRuns: 2_000 },
  )
})

/** Elements written by hand, behind the length they stand for. */
const elements: readonly (readonly [string, readonly number[], string])[] = [
  ['a literal with its length in one extra byte', [0xf0, 2, 97, 98, 99], 'abc'],
  ['a literal with its length in four extra bytes', [0xfc, 2, 0, 0, 0, 97, 98, 99], 'abc'],
  ['a copy with an offset of 11 bits', [0x04, 97, 98, 0b0000_1001, 2], 'abababababa'.slice(0, 8)],
  ['a copy with an offset of 16 bits', [0x00, 97, 0x16, 1, 0], 'aaaaaaa'],
  ['a copy with an offset of 32 bits', [0x08, 97, 98, 99, 0x13, 3, 0, 0, 0], 'abcabcab'],
]

for (const [name, bytes, text] of elements) {
  test(`reads ${name}`, () => {
    const result = decodeSnappy(Uint8Array.from([text.length, ...bytes]), scratch, lengthMax)
    assert.equal(result.kind, 'decoded', JSON.stringify(result))
    assert.equal(Buffer.from(result.bytes).toString(), text)
  })
}

test('refuses a length above the limit before allocating anything', () => {
  let taken = 0
  const counting = new (class extends ScratchBuffer {
    override take(length: number) {
      taken += length
      return super.take(length)
    }
  })(0)
  const declaresFourGigabytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0, 97)
  assert.deepEqual(decodeSnappy(declaresFourGigabytes, counting, lengthMax), { kind: 'too-large', length: 2 ** 32 - 1 })
  assert.equal(taken, 0)
})

test('refuses a length that so few bytes cannot hold before allocating anything', () => {
  const declaresAMegabyte = Uint8Array.of(0x80, 0x80, 0x40, 0, 97)
  const result = decodeSnappy(declaresAMegabyte, new ScratchBuffer(0), lengthMax)
  assert.equal(result.kind, 'corrupt')
  assert.match(result.reason, /cannot hold/)
})

/** What hostile or broken senders send. */
const corrupt: readonly (readonly [string, readonly number[]])[] = [
  ['nothing at all', []],
  ['a length that does not end', [0x80, 0x80, 0x80, 0x80, 0x80]],
  ['a length of more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f]],
  ['a literal that ends too early', [5, 0x10, 97]],
  ['a literal whose length is cut off', [5, 0xf4, 1]],
  ['a copy before the beginning', [4, 0x00, 97, 0x0a, 9, 0]],
  ['a copy with offset 0', [4, 0x00, 97, 0x0a, 0, 0]],
  ['more output than declared', [1, 0x08, 97, 98, 99]],
  ['less output than declared', [9, 0x08, 97, 98, 99]],
]

for (const [name, bytes] of corrupt) {
  test(`refuses ${name}`, () => {
    const result = decodeSnappy(Uint8Array.from(bytes), scratch, lengthMax)
    assert.equal(result.kind, 'corrupt')
    assert.ok(result.reason.length > 5)
  })
}

test('decodes many requests into the same buffer, and a large one into its own', () => {
  const reused = new ScratchBuffer(100_000)
  const first = decodeSnappy(compress(new Uint8Array(1_000).fill(7)), reused, lengthMax)
  const second = decodeSnappy(compress(new Uint8Array(1_000).fill(8)), reused, lengthMax)
  const large = decodeSnappy(compress(new Uint8Array(200_000).fill(9)), reused, lengthMax)
  assert(first.kind === 'decoded' && second.kind === 'decoded' && large.kind === 'decoded')
  assert.equal(first.bytes.buffer, second.bytes.buffer)
  assert.notEqual(large.bytes.buffer, second.bytes.buffer)
})
