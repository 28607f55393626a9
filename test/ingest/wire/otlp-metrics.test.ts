import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { protobufOfJson } from '../../../src/ingest/wire/otlp-json.ts'
import { exportRequests } from '../../support/ingest-otlp-arbitraries.ts'
import { decodeOtlp, encodeExport, otlpType } from '../../support/ingest-otlp-messages.ts'
import { linesOfOracle } from '../../support/ingest-otlp-oracle.ts'
import { decodedLines } from '../../support/ingest-otlp-visitor.ts'

test('reads what protobufjs writes, value for value', () => {
  fc.assert(
    fc.property(exportRequests, (request) => {
      const bytes = encodeExport(request)
      const { fault, lines } = decodedLines(bytes)
      assert.equal(fault, undefined)
      assert.deepEqual(lines, linesOfOracle(decodeOtlp('ExportMetricsServiceRequest', bytes)))
    }),
    { numRuns: 500 },
  )
})

test('reads JSON like the protobuf that says the same', () => {
  fc.assert(
    fc.property(exportRequests, (request) => {
      const fromJson = protobufOfJson(JSON.stringify(request, jsonValue))
      assert.ok('bytes' in fromJson, JSON.stringify(fromJson))
      assert.deepEqual(decodedLines(fromJson.bytes), decodedLines(encodeExport(request)))
    }),
    { numRuns: 300 },
  )
})

test('what JSON becomes is protobuf to protobufjs too', () => {
  fc.assert(
    fc.property(exportRequests, (request) => {
      const fromJson = protobufOfJson(JSON.stringify(request, jsonValue))
      assert.ok('bytes' in fromJson)
      const type = otlpType('ExportMetricsServiceRequest')
      assert.deepEqual(
        linesOfOracle(decodeOtlp('ExportMetricsServiceRequest', fromJson.bytes)),
        linesOfOracle(type.toObject(type.fromObject(request), { longs: String, bytes: String })),
      )
    }),
    { numRuns: 200 },
  )
})

test('fields in any order, and packed numbers one by one, mean the same', () => {
  fc.assert(
    fc.property(exportRequests, fc.infiniteStream(fc.nat()), (request, chance) => {
      const bytes = encodeExport(request)
      const shuffled = shuffledMessage(bytes, 'ExportMetricsServiceRequest', () => chance.next().value ?? 0)
      assert.deepEqual(decodedLines(shuffled), decodedLines(bytes))
    }),
    { numRuns: 300 },
  )
})

test('bytes that are cut or changed anywhere neither crash nor hang, and are a fault or read as something', () => {
  fc.assert(
    fc.property(
      exportRequests,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat(),
      (request, changes, cut) => {
        const bytes = encodeExport(request)
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
        decodedLines(bytes)
        decodedLines(bytes.subarray(0, bytes.length === 0 ? 0 : cut % bytes.length))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('random bytes neither crash nor hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void decodedLines(bytes)),
    { numRuns: 2_000 },
  )
})

test('random JSON is bytes or a fault that names a place', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      const answer = protobufOfJson(text)
      if ('fault' in answer) assert.match(answer.fault, /^(\$|not JSON)/)
    }),
    { numRuns: 1_000 },
  )
})

test('JSON with one value of another kind is bytes or a fault that names the place', () => {
  const strange = fc.constantFrom<unknown>(null, [], {}, 'x', -1, 1.5, true, '99999999999999999999999')
  fc.assert(
    fc.property(exportRequests, fc.nat(), strange, (request, which, value) => {
      const copy: unknown = JSON.parse(JSON.stringify(request, jsonValue))
      replaceOne(copy, { left: which % 60 }, value)
      const answer = protobufOfJson(JSON.stringify(copy))
      if ('fault' in answer) assert.match(answer.fault, /^\$/)
      else decodedLines(answer.bytes)
    }),
    { numRuns: 500 },
  )
})

/** OTLP's JSON has ids in hexadecimal, and infinities as text. */
function jsonValue(key: string, value: unknown): unknown {
  if ((key === 'traceId' || key === 'spanId') && typeof value === 'string')
    return Buffer.from(value, 'base64').toString('hex')
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return Object.is(value, -0) ? '-0' : value
}

/** Puts another value in the place of the n-th one met. */
function replaceOne(tree: unknown, count: { left: number }, value: unknown): void {
  if (typeof tree !== 'object' || tree === null) return
  for (const key of Object.keys(tree)) {
    if (count.left-- === 0) Reflect.set(tree, key, value)
    else replaceOne(Reflect.get(tree, key), count, value)
  }
}

/** The same message with its fields in another order; those of one number keep theirs, as protobuf asks for. */
function shuffledMessage(bytes: Uint8Array, typeName: string, chance: () => number): Uint8Array {
  const fields = fieldsOf(bytes)
  const type = otlpType(typeName)
  const keyed = fields.flatMap(({ number, wire, content }) => {
    const field = type.fieldsById[number]
    const resolved = field?.resolve()
    const inner = resolved?.resolvedType
    if (wire === 2 && inner !== null && inner !== undefined) {
      const name = inner.fullName.replace(/^\.otlp\./, '')
      return [{ number, wire, content: shuffledMessage(content, name, chance) }]
    }
    const isWords = field !== undefined && field.repeated && (field.type === 'fixed64' || field.type === 'double')
    if (wire !== 2 || !isWords || chance() % 2 === 0) return [{ number, wire, content }]
    return Array.from({ length: content.length / 8 }, (_, index) => ({
      number,
      wire: 1,
      content: content.subarray(index * 8, index * 8 + 8),
    }))
  })
  const numbers = [...new Set(keyed.map(({ number }) => number))]
  const queues = new Map(numbers.map((number) => [number, keyed.filter((field) => field.number === number)]))
  const out: number[] = []
  while (queues.size > 0) {
    const open = [...queues.keys()]
    const number = open[chance() % open.length]
    const next = queues.get(number)?.shift()
    if (next === undefined) queues.delete(number)
    else writeField(out, next)
  }
  return Uint8Array.from(out)
}

interface RawField {
  readonly number: number
  readonly wire: number
  readonly content: Uint8Array
}

/** Fields of a message that is known to be sound. */
function fieldsOf(bytes: Uint8Array): RawField[] {
  const fields: RawField[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const wire = tag & 7
    const start = at
    if (wire === 0) varint()
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0
    const contentAt = wire === 0 ? start : at
    at += length
    fields.push({ number: tag >> 3, wire, content: bytes.subarray(contentAt, at) })
  }
  return fields
}

function writeField(out: number[], { number, wire, content }: RawField): void {
  writeVarint(out, (number << 3) | wire)
  if (wire === 2) writeVarint(out, content.length)
  out.push(...content)
}

function writeVarint(out: number[], value: number): void {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128)
  out.push(rest)
}
