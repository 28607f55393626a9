import { attributeNestingMax } from '../../core/model/limits.ts'
import { exportRequest, type FieldShape, type MessageShape, type ScalarType } from './otlp-shapes.ts'
import { BackwardWriter } from './otlp-writer.ts'
import { wireType } from './protobuf.ts'

/**
 * Turns an export request in OTLP's JSON into protobuf, so that one decoder reads both. Unknown keys are passed over; a value of
 * the wrong kind is answered with its place.
 */
export function protobufOfJson(text: string): { readonly bytes: Uint8Array } | { readonly fault: string } {
  try {
    const writer = new BackwardWriter()
    writeMessage(writer, parsed(text), exportRequest, '$', 0)
    return { bytes: writer.finish() }
  } catch (error) {
    if (error instanceof NotOtlp) return { fault: error.message }
    throw error
  }
}

/** Leaves the descent; never leaves this file. */
class NotOtlp extends Error {}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new NotOtlp(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Messages of the request within each other, before the first value of an attribute. */
const requestNesting = 12

function writeMessage(writer: BackwardWriter, value: unknown, shape: MessageShape, place: string, depth: number): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object', value)
  if (depth > requestNesting + 2 * attributeNestingMax) throw new NotOtlp(`${place} is nested too deep`)
  const given = new Map(Object.entries(value).map(([key, content]) => [lowerCamelCase(key), content]))
  for (const [name, field] of fieldsBackward(shape)) {
    const content: unknown = given.get(name)
    if (content !== undefined && content !== null) writeField(writer, content, field, `${place}.${name}`, depth)
  }
}

function writeField(writer: BackwardWriter, value: unknown, field: FieldShape, place: string, depth: number): void {
  if (field.list === undefined) {
    writeOne(writer, value, field, place, depth)
    return
  }
  if (!Array.isArray(value)) throw wrong(place, 'a list', value)
  const items: readonly unknown[] = value
  const end = writer.length
  for (let index = items.length - 1; index >= 0; index--) {
    const { type } = field
    const itemPlace = `${place}[${index}]`
    if (field.list === 'packed' && typeof type === 'string') scalars[type].write(writer, items[index], itemPlace)
    else writeOne(writer, items[index], field, itemPlace, depth)
  }
  if (field.list === 'packed' && items.length > 0) writer.head(field.number, end)
}

function writeOne(writer: BackwardWriter, value: unknown, field: FieldShape, place: string, depth: number): void {
  const end = writer.length
  if (typeof field.type === 'function') writeMessage(writer, value, field.type(), place, depth + 1)
  else {
    const scalar = scalars[field.type]
    scalar.write(writer, value, place)
    if (scalar.wire !== wireType.bytes) {
      writer.tag(field.number, scalar.wire)
      return
    }
  }
  writer.head(field.number, end)
}

interface Scalar {
  readonly wire: number
  write(writer: BackwardWriter, value: unknown, place: string): void
}

const scalars: Readonly<Record<ScalarType, Scalar>> = {
  text: {
    wire: wireType.bytes,
    write: (writer, value, place) => writer.text(stringOf(value, place)),
  },
  hex: {
    wire: wireType.bytes,
    write: (writer, value, place) => {
      const text = stringOf(value, place)
      if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw wrong(place, 'hexadecimal', value)
      writer.bytes(Buffer.from(text, 'hex'))
    },
  },
  base64: {
    wire: wireType.bytes,
    write: (writer, value, place) => writer.bytes(Buffer.from(stringOf(value, place), 'base64')),
  },
  bool: {
    wire: wireType.varint,
    write: (writer, value, place) => {
      if (typeof value !== 'boolean') throw wrong(place, 'true or false', value)
      writer.varint(value ? 1n : 0n)
    },
  },
  double: { wire: wireType.fixed64, write: (writer, value, place) => writer.double(doubleOf(value, place)) },
  fixed64: {
    wire: wireType.fixed64,
    write: (writer, value, place) => writer.fixed64(integerOf(value, place, 0n, maxUnsigned)),
  },
  sfixed64: {
    wire: wireType.fixed64,
    write: (writer, value, place) => writer.fixed64(integerOf(value, place, -maxSigned - 1n, maxSigned)),
  },
  int64: {
    wire: wireType.varint,
    write: (writer, value, place) => writer.varint(integerOf(value, place, -maxSigned - 1n, maxSigned)),
  },
  uint64: {
    wire: wireType.varint,
    write: (writer, value, place) => writer.varint(integerOf(value, place, 0n, maxUnsigned)),
  },
  uint32: {
    wire: wireType.varint,
    write: (writer, value, place) => writer.varint(integerOf(value, place, 0n, 0xffff_ffffn)),
  },
  sint32: {
    wire: wireType.varint,
    write: (writer, value, place) => {
      const integer = integerOf(value, place, -0x8000_0000n, 0x7fff_ffffn)
      writer.varint(integer >= 0n ? 2n * integer : -2n * integer - 1n)
    },
  },
  temporality: {
    wire: wireType.varint,
    write: (writer, value, place) => {
      const named = typeof value === 'string' ? temporalities.indexOf(value) : -1
      writer.varint(named >= 0 ? BigInt(named) : integerOf(value, place, 0n, 0x7fff_ffffn))
    },
  },
}

const maxSigned = 2n ** 63n - 1n
const maxUnsigned = 2n ** 64n - 1n

const temporalities: readonly string[] = [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
]

function stringOf(value: unknown, place: string): string {
  if (typeof value !== 'string') throw wrong(place, 'a text', value)
  return value
}

/** Integers of 64 bits come as texts, because a number in JSON is a double to many. */
function integerOf(value: unknown, place: string, least: bigint, most: bigint): bigint {
  const isText = typeof value === 'string' && /^-?\d{1,20}$/.test(value)
  if (!isText && !(typeof value === 'number' && Number.isInteger(value))) throw wrong(place, 'an integer', value)
  const integer = BigInt(value)
  if (integer < least || integer > most) throw wrong(place, `an integer from ${least} to ${most}`, value)
  return integer
}

function doubleOf(value: unknown, place: string): number {
  if (typeof value === 'number') return value
  if (value === 'NaN') return Number.NaN
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw wrong(place, 'a number', value)
  return number
}

function wrong(place: string, wanted: string, value: unknown): NotOtlp {
  return new NotOtlp(`${place} is not ${wanted} but ${JSON.stringify(value)?.slice(0, 60) ?? 'nothing'}`)
}

/** Protobuf's JSON may use the names of the definition as well. */
function lowerCamelCase(key: string): string {
  return key.includes('_') ? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : key
}

const backward = new WeakMap<MessageShape, readonly (readonly [string, FieldShape])[]>()

function fieldsBackward(shape: MessageShape): readonly (readonly [string, FieldShape])[] {
  const known = backward.get(shape)
  if (known !== undefined) return known
  const fields = Object.entries(shape).toSorted(([, a], [, b]) => b.number - a.number)
  backward.set(shape, fields)
  return fields
}
