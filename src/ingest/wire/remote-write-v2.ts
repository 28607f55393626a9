import {
  labelNameBytesMax,
  labelsPerSeriesMax,
  labelValueBytesMax,
  requestKeyBytesMax,
  symbolsPerRequestMax,
} from '../../core/model/limits.ts'
import { noIds, takeId } from './exemplar-ids.ts'
import { ProtobufReader, wireType } from './protobuf.ts'
import { exemplarFields, labelFields, requestFieldsV2, seriesFields, seriesFieldsV2 } from './remote-write-fields.ts'
import { readSample } from './remote-write-points.ts'
import { visitHistogram } from './remote-write-v1.ts'
import type { RemoteWriteVisitor } from './remote-write-visitor.ts'
import type { Refusal } from './series-visitor.ts'
import { SymbolTable } from './symbol-table.ts'

/**
 * Walks over an uncompressed io.prometheus.write.v2.Request. Answers what is wrong with the bytes, if anything; series that
 * stand complete before the fault have been visited by then. A series is known by the same key as in version 1.0: its
 * labels written out. Metadata is passed over.
 */
export class WriteRequestV2Reader {
  readonly #symbols = new SymbolTable()
  /** References to names and values, in turn. */
  readonly #refs: number[] = []
  #key = new Uint8Array(1_024)
  #keyBytesLeft = 0

  read(bytes: Uint8Array, visitor: RemoteWriteVisitor): string | undefined {
    const fault = this.begin(bytes)
    if (fault !== undefined) return fault
    const reader = new ProtobufReader(bytes, 0, bytes.length)
    while (this.readField(reader, visitor));
    return reader.fault
  }

  /** Reads the texts of a message, before its fields are read; answers what is wrong with its bytes, if anything. */
  begin(bytes: Uint8Array): string | undefined {
    this.#symbols.clear()
    this.#keyBytesLeft = requestKeyBytesMax
    const symbols = new ProtobufReader(bytes, 0, bytes.length)
    this.#readSymbols(symbols)
    return symbols.fault
  }

  /** Reads the next field of the message; false at its end or a fault. */
  readField(reader: ProtobufReader, visitor: RemoteWriteVisitor): boolean {
    if (!reader.next()) return false
    if (reader.is(requestFieldsV2.series, wireType.bytes)) {
      const requestEnd = reader.end
      reader.end = reader.bytesEnd()
      this.#readSeries(reader, visitor)
      reader.end = requestEnd
    } else reader.skip()
    return true
  }

  /** All symbols first: nothing says that they stand before the series that name them. */
  #readSymbols(reader: ProtobufReader): void {
    while (reader.next()) {
      if (!reader.is(requestFieldsV2.symbols, wireType.bytes)) {
        reader.skip()
        continue
      }
      const end = reader.bytesEnd()
      if (!this.#symbols.add(reader.position, end)) reader.fail(`more than ${symbolsPerRequestMax} symbols`)
      else reader.position = end
    }
  }

  #readSeries(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
    const { position: start, end } = reader
    const createdMs = this.#readFrame(reader)
    if (reader.fault !== undefined) return
    reader.position = start
    reader.end = end
    const written = this.#writeKey(reader.bytes)
    if (written === 'too-much') {
      reader.fail(`labels of more than ${requestKeyBytesMax} bytes in all`)
      return
    }
    if (typeof written !== 'number') visitor.refuse(written)
    else if (visitor.expected(this.#key, 0, written) === written && written > 0) visitor.takeExpected()
    else visitor.series(this.#key, 0, written)
    this.#readPoints(reader, visitor, createdMs)
  }

  /** What is said of all points of a series and may stand behind them: labels, and when it began (NaN where nobody says). */
  #readFrame(reader: ProtobufReader): number {
    const refs = this.#refs
    refs.length = 0
    let createdMs = 0
    while (reader.next()) {
      if (reader.field === seriesFieldsV2.labelRefs) {
        // One more name and value than a series may have is enough to refuse it.
        reader.repeated(wireType.varint, reader.bytes.length, () => {
          const ref = reader.varint()
          return refs.length < refsMax ? refs.push(ref) : refs.length
        })
      } else if (reader.is(seriesFieldsV2.created, wireType.varint)) createdMs = reader.int64()
      else reader.skip()
    }
    return createdMs === 0 ? Number.NaN : createdMs
  }

  /** Writes the labels out as version 1.0 has them; answers how many bytes, or why the series is not taken. */
  #writeKey(message: Uint8Array): number | Refusal | 'too-much' {
    const refs = this.#refs
    if (refs.length % 2 === 1) return { reason: 'malformed', detail: 'a label name without a value' }
    if (refs.length >= refsMax) return { reason: 'too_many_labels', detail: `more than ${labelsPerSeriesMax} labels` }
    let length = 0
    for (let index = 0; index < refs.length; index += 2) {
      const refusal = this.#refusalOf(refs[index], refs[index + 1], message)
      if (refusal !== undefined) return refusal
      length = this.#writeLabel(refs[index], refs[index + 1], message, length)
    }
    this.#keyBytesLeft -= length
    return this.#keyBytesLeft < 0 ? 'too-much' : length
  }

  #refusalOf(name: number, value: number, message: Uint8Array): Refusal | undefined {
    const symbols = this.#symbols
    if (Math.max(name, value) >= symbols.length) {
      return { reason: 'symbol_missing', detail: `symbol ${Math.max(name, value)} of ${symbols.length}` }
    }
    if (symbols.lengthOf(name) > labelNameBytesMax) {
      return { reason: 'label_name_too_long', detail: `a label name of ${symbols.lengthOf(name)} bytes` }
    }
    if (symbols.lengthOf(value) <= labelValueBytesMax) return undefined
    const label = textOf(symbols.bytesOf(name, message))
    return { reason: 'label_value_too_long', detail: `${symbols.lengthOf(value)} bytes in label ${label}` }
  }

  #writeLabel(name: number, value: number, message: Uint8Array, at: number): number {
    const symbols = this.#symbols
    const nameLength = symbols.lengthOf(name)
    const valueLength = symbols.lengthOf(value)
    const labelLength = 2 + sizeOf(nameLength) + nameLength + sizeOf(valueLength) + valueLength
    this.#reserve(at + 1 + sizeOf(labelLength) + labelLength)
    const key = this.#key
    let to = at
    key[to++] = (seriesFields.labels << 3) | wireType.bytes
    to = writeVarint(key, to, labelLength)
    key[to++] = (labelFields.name << 3) | wireType.bytes
    to = writeVarint(key, to, nameLength)
    copy(message, symbols.startOf(name), key, to, nameLength)
    to += nameLength
    key[to++] = (labelFields.value << 3) | wireType.bytes
    to = writeVarint(key, to, valueLength)
    copy(message, symbols.startOf(value), key, to, valueLength)
    return to + valueLength
  }

  #reserve(length: number): void {
    if (length <= this.#key.length) return
    const larger = new Uint8Array(Math.max(length, this.#key.length * 2))
    larger.set(this.#key)
    this.#key = larger
  }

  #readPoints(reader: ProtobufReader, visitor: RemoteWriteVisitor, createdMs: number): void {
    while (reader.next()) {
      const { field } = reader
      if (
        field !== seriesFieldsV2.samples &&
        field !== seriesFieldsV2.histograms &&
        field !== seriesFieldsV2.exemplars
      ) {
        reader.skip()
        continue
      }
      if (!reader.is(field, wireType.bytes)) return
      const seriesEnd = reader.end
      reader.end = reader.bytesEnd()
      if (field === seriesFieldsV2.samples) readSample(reader, visitor, createdMs)
      else if (field === seriesFieldsV2.histograms) visitHistogram(reader, visitor, createdMs)
      else this.#readExemplar(reader, visitor)
      reader.end = seriesEnd
    }
  }

  #readExemplar(reader: ProtobufReader, visitor: RemoteWriteVisitor): void {
    const refs: number[] = []
    let value = 0
    let atMs = 0
    while (reader.next()) {
      if (reader.field === exemplarFields.labels) {
        reader.repeated(wireType.varint, 2 * labelsPerSeriesMax, () => refs.push(reader.varint()))
      } else if (reader.is(exemplarFields.value, wireType.fixed64)) value = reader.double()
      else if (reader.is(exemplarFields.time, wireType.varint)) atMs = reader.int64()
      else reader.skip()
    }
    if (reader.fault === undefined) visitor.exemplar({ atMs, value, ...this.#idsOf(refs, reader.bytes) })
  }

  #idsOf(refs: readonly number[], message: Uint8Array) {
    const symbols = this.#symbols
    const ids = noIds()
    for (let index = 0; index + 1 < refs.length; index += 2) {
      const [name, value] = [refs[index], refs[index + 1]]
      if (Math.max(name, value) >= symbols.length || symbols.lengthOf(name) > labelNameBytesMax) continue
      if (symbols.lengthOf(value) > labelValueBytesMax) continue
      takeId(ids, textOf(symbols.bytesOf(name, message)), textOf(symbols.bytesOf(value, message)))
    }
    return ids
  }
}

const refsMax = 2 * labelsPerSeriesMax + 2

function sizeOf(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : 3
}

function writeVarint(to: Uint8Array, at: number, value: number): number {
  let rest = value
  let place = at
  while (rest >= 0x80) {
    to[place++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  to[place++] = rest
  return place
}

/** Labels are short: a loop is faster than a view made for each. */
function copy(from: Uint8Array, start: number, to: Uint8Array, at: number, length: number): void {
  if (length > 64) to.set(from.subarray(start, start + length), at)
  else for (let index = 0; index < length; index++) to[at + index] = from[start + index]
}

const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

function textOf(bytes: Uint8Array): string {
  return lenient.decode(bytes)
}
