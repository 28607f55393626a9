import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { wasmModuleFile, wasmModuleSource } from '../../../scripts/wasm-module.ts'
import { decompressedBodyBytesMax, seriesForgottenAfterMs } from '../../../src/core/model/limits.ts'
import { minuteMs } from '../../../src/core/model/units.ts'
import { FastIndex } from '../../../src/ingest/remote-write/fast-index.ts'
import { type FastModule, fastModule } from '../../../src/ingest/remote-write/fast-module.ts'
import { Inlet } from '../../../src/ingest/remote-write/inlet.ts'
import { type SeriesAllowance, seriesAllowance } from '../../../src/ingest/series-allowance.ts'
import { ScratchBuffer } from '../../../src/ingest/wire/scratch-buffer.ts'
import { decodeSnappy } from '../../../src/ingest/wire/snappy.ts'
import { recordingMeter } from '../../support/delivery-recorders.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { compress, encodeWriteRequest, labelList, type WrittenSeries } from '../../support/ingest-write-requests.ts'
import { encodeRequestV2, requestV2 } from '../../support/ingest-write-requests-v2.ts'
import { readRepositoryFile } from '../../support/repository-files.ts'

function moduleHere(): FastModule {
  const module = fastModule()
  assert.ok(module !== undefined, 'this machine runs WebAssembly')
  return module
}

function inlet(plain: boolean, allowance: SeriesAllowance = seriesAllowance()) {
  const sink = new RecordingSink()
  // What counters cannot be is refused, as the engine does; some series nobody wants.
  sink.unwanted = (labels) => labels.get('job') === 'b'
  sink.bounds = [1]
  const scratch = new ScratchBuffer(1_000_000)
  const shared = { source: 'push', region: 'eu', regionLabel: undefined, scratch, bytesMax: decompressedBodyBytesMax }
  return { sink, allowance, inlet: new Inlet({ ...shared, sink, meter: recordingMeter(), allowance, plain }) }
}

test('the module is what its AssemblyScript source compiles to', async () => {
  assert.equal(readRepositoryFile(wasmModuleFile), await wasmModuleSource(), 'out of date: npm run wasm')
})

const label = fc.constantFrom('a', 'b', 'c', 'dd', 'e'.repeat(40), 'f'.repeat(200))
const series: fc.Arbitrary<WrittenSeries> = fc.record({
  labels: fc
    .tuple(label, label, fc.boolean())
    .map(([job, instance, named]) => labelList({ ...(named ? { __name__: 'm' } : {}), instance, job, __name__: 'm' })),
  samples: fc.array(
    fc.record({
      value: fc.oneof(fc.double(), fc.nat()),
      timestamp: fc.oneof(
        fc.integer({ min: -5, max: 300 }),
        fc.maxSafeInteger(),
        fc.constant(1_767_225_600_000),
        // Six bytes, and the first numbers of five and seven.
        fc.integer({ min: 2 ** 35 - 1, max: 2 ** 42 }),
      ),
    }),
    { maxLength: 3 },
  ),
  exemplars: fc.array(fc.record({ labels: fc.constant(labelList({ trace_id: 'x' })), value: fc.double() }), {
    maxLength: 1,
  }),
  histograms: fc.array(fc.record({ sum: fc.nat(), countInt: fc.nat(), timestamp: fc.nat({ max: 99 }) }), {
    maxLength: 1,
  }),
})
const plainSeries = series.map(({ labels, samples = [] }) => ({ labels, samples }))
const mutations = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 })
const requests = fc.array(
  fc.record({
    timeseries: fc.array(fc.oneof({ weight: 8, arbitrary: plainSeries }, { weight: 1, arbitrary: series }), {
      maxLength: 12,
    }),
    changed: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: mutations }),
    reload: fc.nat({ max: 9 }).map((chance) => chance === 0),
    repeats: fc.nat({ max: 2 }),
  }),
  { minLength: 1, maxLength: 8 },
)

test('takes from every request what TypeScript alone takes, sample by sample, and says the same of it', () => {
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 30 }), (sequence, seriesLeft) => {
      const [fast, plain] = [false, true].map((isPlain) => inlet(isPlain, { ...seriesAllowance(), seriesLeft }))
      let now = 1_767_225_600_000
      for (const { timeseries, changed, reload, repeats } of sequence) {
        const message = encodeWriteRequest({ timeseries })
        for (const [at, byte] of changed) if (message.length > 0) message[at % message.length] = byte
        const body = compress(message)
        for (let round = 0; round <= repeats; round++) {
          now += 15_000
          if (reload) for (const { sink } of [fast, plain]) sink.generation++
          const [taken, expected] = [fast, plain].map((each) => each.inlet.take(body, 1, now))
          assert.deepEqual(taken, expected)
          assert.deepEqual(fast.sink.take(), plain.sink.take())
        }
      }
      assert.deepEqual(fast.sink.exemplars, plain.sink.exemplars)
      assert.deepEqual(
        fast.sink.resolved.map(({ labels }) => [...labels]),
        plain.sink.resolved.map(({ labels }) => [...labels]),
      )
      assert.deepEqual(
        [fast.allowance.seriesLeft, fast.allowance.wanted],
        [plain.allowance.seriesLeft, plain.allowance.wanted],
      )
    }),
    { numRuns: 250 },
  )
})

test('reads a request of known series in one go, and stops before what it does not know', () => {
  const index = new FastIndex(moduleHere(), seriesAllowance())
  const known = { labels: labelList({ __name__: 'm', job: 'a' }), samples: [{ value: 7, timestamp: 1_000 }] }
  const one = encodeWriteRequest({ timeseries: [known] })
  const other = encodeWriteRequest({ timeseries: [{ ...known, labels: labelList({ __name__: 'other' }) }] })
  // Its key stands between the tag and length of the series and its sample, which takes two bytes and twelve.
  index.setRef(index.add(one, 2, one.length - 14), 5)
  assert.equal(index.decompress(compress(Buffer.concat([one, one, other, one]))).kind, 'decoded')
  assert.equal(index.advance(0), 2 * one.length)
  assert.deepEqual([index.stop, index.received, index.batch.length], ['foreign', 2, 2])
  assert.deepEqual([...index.batch.refs.subarray(0, 2)], [5, 5])
  assert.deepEqual([...index.batch.values.subarray(0, 2)], [7, 7])
  assert.equal(index.advance(2 * one.length + other.length), 3 * one.length + other.length)
  assert.deepEqual([index.stop, index.received], ['end', 1])
})

test('reads random bytes as TypeScript does, once they are decompressed', () => {
  const known = compress(encodeWriteRequest({ timeseries: [{ labels: labelList({ __name__: 'm', job: 'a' }) }] }))
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (messages) => {
      const [fast, plain] = [false, true].map((isPlain) => inlet(isPlain))
      for (const body of [known, ...messages.map(compress)]) {
        const [taken, expected] = [fast, plain].map((each) => each.inlet.take(body, 1, 1))
        assert.deepEqual(taken, expected)
      }
      assert.deepEqual(fast.sink.samples, plain.sink.samples)
    }),
    { numRuns: 300 },
  )
})

/** Decodes with both; what the module refuses is TypeScript's to judge. */
function bothDecode(body: Uint8Array, index: FastIndex): void {
  const expected = decodeSnappy(body, new ScratchBuffer(1_000_000), decompressedBodyBytesMax)
  const { kind } = index.decompress(body)
  assert.equal(kind === 'decoded', expected.kind === 'decoded', expected.kind)
  if (expected.kind === 'decoded') assert.deepEqual(Buffer.from(index.message), Buffer.from(expected.bytes))
}

test('decompresses what snappyjs compressed, and refuses exactly what TypeScript refuses', () => {
  const index = new FastIndex(moduleHere(), seriesAllowance())
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat({ max: 30 })).map(([bytes, times]) => {
      return Uint8Array.from(Array.from({ length: times }, () => [...bytes]).flat())
    }),
  )
  const contents = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces))
  fc.assert(
    fc.property(contents, mutations, fc.nat(), (content, changes, cut) => {
      const body = compress(content)
      bothDecode(body, index)
      assert.deepEqual(Buffer.from(index.message), content)
      for (const [at, byte] of changes) body[at % body.length] = byte
      bothDecode(body, index)
      bothDecode(body.subarray(0, cut % (body.length + 1)), index)
    }),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (body) => bothDecode(body, index)),
    { numRuns: 5_000 },
  )
})

/** Elements by hand, each on its own: every kind of copy, at every distance, over every length. */
test('copies at every distance and length as TypeScript does', () => {
  const index = new FastIndex(moduleHere(), seriesAllowance())
  const literal = Array.from({ length: 60 }, (_, at) => at)
  for (let distance = 0; distance <= 61; distance++) {
    for (const size of [1, 2, 3, 4, 7, 8, 9, 11, 15, 16, 17, 31, 33, 63, 64]) {
      const head = [60 + size, (literal.length - 1) << 2, ...literal]
      const tags = [
        [((size - 1) << 2) | 2, distance, 0],
        [((size - 1) << 2) | 3, distance, 0, 0, 0],
      ]
      if (size >= 4 && size <= 11) tags.push([((size - 4) << 2) | 1, distance])
      for (const tag of tags) bothDecode(Uint8Array.from([...head, ...tag]), index)
    }
  }
})

test('never writes outside of its buffers, whatever it is given', () => {
  const module = moduleHere()
  const index = new FastIndex(module, seriesAllowance())
  index.begin(0)
  const key = Uint8Array.from(Buffer.from('some key'))
  const entry = index.add(key, 0, key.length)
  index.setRef(entry, 77)
  const { table, input, inputMax } = module.layout
  const tableBefore = new Uint8Array(module.memory.buffer).slice(table)
  const bytes = new Uint8Array(module.memory.buffer)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat({ max: inputMax }), (body, size) => {
      bytes.set(body, input)
      module.decompress(Math.min(size, 4_096))
      module.advance(0, Math.min(size, 4_096), -1, 1)
    }),
    { numRuns: 3_000 },
  )
  assert.deepEqual(new Uint8Array(module.memory.buffer).slice(table), tableBefore)
  assert.equal(index.ref(entry), 77)
})

test('keeps knowing its series while its tables and its memory grow in the middle of a request', () => {
  const { inlet: fast, sink } = inlet(false)
  const count = 50_000
  const timeseries = Array.from({ length: count }, (_, number) => ({
    labels: labelList({ __name__: 'm', job: 'a', number: String(number) }),
    samples: [{ value: number, timestamp: 1 }],
  }))
  const body = compress(encodeWriteRequest({ timeseries }))
  const backwards = compress(encodeWriteRequest({ timeseries: timeseries.toReversed() }))
  const half = compress(encodeWriteRequest({ timeseries: timeseries.filter((_, number) => number % 2 === 1) }))
  for (const [each, numbers] of [
    [body, count],
    [backwards, count],
    [half, count / 2],
  ] as const) {
    sink.take()
    const taken = fast.take(each, 1, 1)
    assert.ok(taken.kind === 'read' && taken.fault === undefined && taken.summary.received === numbers)
    assert.equal(sink.resolved.length, count)
    assert.ok(sink.samples.every(({ series: told, value }) => told === `m{job="a",number="${value}"}`))
  }
  assert.ok(fast.bytes < 16 * 2 ** 20, `${fast.bytes} bytes`)
})

test('forgets series not seen for long when it needs their room, and keeps the others', () => {
  const allowance = { ...seriesAllowance(), seriesLeft: 10 }
  const { inlet: fast, sink } = inlet(false, allowance)
  const send = (numbers: readonly number[], now: number) => {
    const timeseries = numbers.map((number) => ({
      labels: labelList({ __name__: 'm', job: 'a', number: String(number) }),
      samples: [{ value: number, timestamp: 1 }],
    }))
    const taken = fast.take(compress(encodeWriteRequest({ timeseries })), 1, now)
    return taken.kind === 'read' ? Object.fromEntries(taken.summary.rejected) : taken
  }
  const numbers = Array.from({ length: 10 }, (_, number) => number)
  const start = 1_767_225_600_000
  assert.deepEqual(send(numbers, start), {})
  assert.deepEqual(send([10], start + 1), { series_limit: 1 })
  send([7, 8, 9], start + seriesForgottenAfterMs)
  assert.deepEqual(send([10], start + seriesForgottenAfterMs + minuteMs), {})
  assert.equal(sink.resolved.length, 11)
  assert.deepEqual(send([7, 8, 9, 10], start + seriesForgottenAfterMs + 2 * minuteMs), {})
  assert.equal(sink.resolved.length, 11, 'those are known still')
  send([0], start + seriesForgottenAfterMs + 2 * minuteMs)
  assert.equal(sink.resolved.length, 12)
  assert.deepEqual([allowance.seriesLeft, allowance.wanted], [5, 5])
})

test('takes keys that differ in one place for different series', () => {
  const module = moduleHere()
  const index = new FastIndex(module, seriesAllowance())
  const seen = new Set<number>()
  for (const length of [1, 7, 8, 9, 15, 16, 17, 31, 64, 190]) {
    for (let place = 0; place < length; place++) {
      for (let bit = 0; bit < 8; bit++) {
        const key = new Uint8Array(length).fill(0x41)
        key[place] ^= 1 << bit
        assert.equal(index.find(key, 0, length), -1)
        seen.add(index.add(key, 0, length))
      }
    }
  }
  assert.equal(seen.size, index.size)
})

test('takes from requests of 2.0 what TypeScript alone takes, and knows the series of 1.0 in them', () => {
  const sequences = fc.array(
    fc.record({ timeseries: fc.array(plainSeries, { maxLength: 12 }), changed: mutations, isFirst: fc.boolean() }),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(sequences, fc.integer({ min: 1, max: 30 }), (sequence, seriesLeft) => {
      const [fast, plain] = [false, true].map((isPlain) => inlet(isPlain, { ...seriesAllowance(), seriesLeft }))
      for (const [index, { timeseries, changed, isFirst }] of sequence.entries()) {
        const message = isFirst ? encodeWriteRequest({ timeseries }) : encodeRequestV2(requestV2(timeseries))
        if (index % 2 === 1) {
          for (const [at, byte] of changed) if (message.length > 0) message[at % message.length] = byte
        }
        for (let round = 0; round < 2; round++) {
          const now = 1_767_225_600_000 + index * 15_000
          const [taken, expected] = [fast, plain].map((each) =>
            each.inlet.take(compress(message), isFirst ? 1 : 2, now),
          )
          assert.deepEqual(taken, expected)
          assert.deepEqual(fast.sink.take(), plain.sink.take())
        }
      }
      assert.equal(fast.sink.resolved.length, plain.sink.resolved.length)
    }),
    { numRuns: 200 },
  )
})

test('reads a request of 2.0 of known series in one go', () => {
  const { inlet: taking, sink } = inlet(false)
  const timeseries = ['x', 'y'].map((job) => ({
    labels: labelList({ __name__: 'm', job, long: 'z'.repeat(300) }),
    samples: [{ value: 7, timestamp: 1_000 }],
  }))
  const body = compress(encodeRequestV2(requestV2(timeseries)))
  taking.take(body, 2, 1)
  const resolved = sink.resolved.length
  sink.take()
  // The same series, told by version 1.0: nothing is asked for again.
  taking.take(compress(encodeWriteRequest({ timeseries })), 1, 2)
  taking.take(body, 2, 3)
  assert.equal(sink.resolved.length, resolved)
  assert.equal(sink.take().length, 4)
})
