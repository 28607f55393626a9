import { attributeNestingMax } from '../../core/model/limits.ts'
import { otlpFields } from './otlp-fields.ts'
import { ProtobufReader, wireType } from './protobuf.ts'
import type { Refusal } from './series-visitor.ts'

/** An attribute with its value as text; `key` may be anything. */
export interface Attribute {
  readonly key: string
  readonly text: string
}

/** The attributes in a field of a message, in their order, or why they cannot be read. */
export function readAttributes(bytes: Uint8Array, start: number, end: number, field: number): Attribute[] | Refusal {
  const reader = new ProtobufReader(bytes, start, end)
  const attributes: Attribute[] = []
  while (reader.next()) {
    if (!reader.is(field, wireType.bytes)) {
      reader.skip()
      continue
    }
    const outerEnd = reader.end
    reader.end = reader.bytesEnd()
    const [key, value] = readKeyValue(reader, 0)
    attributes.push({ key, text: typeof value === 'string' ? value : printed(value) })
    if (reader.fault !== undefined) break
    reader.end = outerEnd
  }
  const { fault } = reader
  if (fault === undefined) return attributes
  return { reason: fault === notUtf8 ? 'invalid_utf8' : 'malformed', detail: fault }
}

/** One text field of a message, the last one where it is given more than once; undefined where it is not UTF-8. */
export function readText(bytes: Uint8Array, start: number, end: number, field: number): string | undefined {
  const reader = new ProtobufReader(bytes, start, end)
  let text = ''
  while (reader.next()) {
    if (reader.is(field, wireType.bytes)) text = takeText(reader)
    else reader.skip()
  }
  return reader.fault === undefined ? text : undefined
}

function readKeyValue(reader: ProtobufReader, depth: number): readonly [key: string, value: JsonValue] {
  let key = ''
  let value: JsonValue = ''
  while (reader.next()) {
    if (reader.is(otlpFields.keyValue.key, wireType.bytes)) key = takeText(reader)
    else if (reader.is(otlpFields.keyValue.value, wireType.bytes)) {
      value = within(reader, () => readAnyValue(reader, depth))
    } else reader.skip()
  }
  return [key, value]
}

/** Lists and pairs are shown as JSON; integers beyond what a double holds keep their digits. */
type JsonValue = string | boolean | number | bigint | readonly JsonValue[] | ReadonlyMap<string, JsonValue>

function readAnyValue(reader: ProtobufReader, depth: number): JsonValue {
  const { text, bool, int, double, array, pairs, bytes } = otlpFields.anyValue
  let value: JsonValue = ''
  if (depth > attributeNestingMax) reader.fail(`attributes nested deeper than ${attributeNestingMax}`)
  while (reader.next()) {
    if (reader.is(text, wireType.bytes)) value = takeText(reader)
    else if (reader.is(bool, wireType.varint)) value = reader.varint() !== 0
    else if (reader.is(int, wireType.varint)) value = takeInt(reader)
    else if (reader.is(double, wireType.fixed64)) value = reader.double()
    else if (reader.is(array, wireType.bytes)) value = within(reader, () => readArray(reader, depth + 1))
    else if (reader.is(pairs, wireType.bytes)) value = within(reader, () => readPairs(reader, depth + 1))
    else if (reader.is(bytes, wireType.bytes)) value = Buffer.from(reader.content()).toString('base64')
    else reader.skip()
  }
  return value
}

function readArray(reader: ProtobufReader, depth: number): JsonValue {
  const values: JsonValue[] = []
  while (reader.next()) {
    if (reader.is(otlpFields.list.values, wireType.bytes))
      values.push(within(reader, () => readAnyValue(reader, depth)))
    else reader.skip()
  }
  return values
}

function readPairs(reader: ProtobufReader, depth: number): JsonValue {
  const pairs = new Map<string, JsonValue>()
  while (reader.next()) {
    if (!reader.is(otlpFields.list.values, wireType.bytes)) {
      reader.skip()
      continue
    }
    pairs.set(...within(reader, () => readKeyValue(reader, depth)))
  }
  return pairs
}

/** Reads a message inside the one at hand. */
function within<T>(reader: ProtobufReader, read: () => T): T {
  const outerEnd = reader.end
  const end = reader.bytesEnd()
  reader.end = end
  const value = read()
  if (reader.fault === undefined) {
    reader.position = end
    reader.end = outerEnd
  }
  return value
}

function takeText(reader: ProtobufReader): string {
  try {
    return strict.decode(reader.content())
  } catch {
    reader.fail(notUtf8)
    return ''
  }
}

/** A double holds up to 2^53 exactly; identifiers are longer. */
function takeInt(reader: ProtobufReader): number | bigint {
  const start = reader.position
  const near = reader.int64()
  if (Number.isSafeInteger(near)) return near
  let exact = 0n
  for (let at = start, shift = 0n; at < reader.position; at++, shift += 7n) {
    exact |= BigInt(reader.bytes[at] & 0x7f) << shift
  }
  return BigInt.asIntN(64, exact)
}

function printed(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Map) {
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${printed(inner)}`).join(',')}}`
  }
  return `[${[...value].map((inner) => printed(inner)).join(',')}]`
}

const notUtf8 = 'a text that is not UTF-8'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
