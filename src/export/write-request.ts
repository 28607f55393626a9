import { staleMarkerBits } from '../core/model/stale-marker.ts'
import type { EpochMs } from '../core/model/units.ts'

/** One series of a request: its labels as `encodeLabels` makes them, and its value; null says that the series has ended. */
export interface WrittenSeries {
  readonly labels: Uint8Array
  readonly value: number | null
}

/** Tags of protobuf fields: field number × 8 + wire type (0 varint, 1 double, 2 bytes). */
const tag = {
  timeseries: 0x0a,
  label: 0x0a,
  text1: 0x0a,
  text2: 0x12,
  sample: 0x12,
  value: 0x09,
  timestamp: 0x10,
} as const

/** The labels of one series as the repeated field of a `TimeSeries` message; they must come in order of their names. */
export function encodeLabels(labels: Iterable<readonly [string, string]>): Uint8Array {
  const measured = Array.from(labels, ([name, value]) => {
    const [nameLength, valueLength] = [Buffer.byteLength(name), Buffer.byteLength(value)]
    const length = 2 + varintLength(nameLength) + nameLength + varintLength(valueLength) + valueLength
    return { name, value, nameLength, valueLength, length }
  })
  const bytes = Buffer.allocUnsafe(measured.reduce((sum, { length }) => sum + 1 + varintLength(length) + length, 0))
  let to = 0
  const putLength = (fieldTag: number, length: number): void => {
    bytes[to++] = fieldTag
    to = putVarint(bytes, to, length)
  }
  for (const { name, value, nameLength, valueLength, length } of measured) {
    putLength(tag.label, length)
    putLength(tag.text1, nameLength)
    to += bytes.write(name, to)
    putLength(tag.text2, valueLength)
    to += bytes.write(value, to)
  }
  return bytes
}

/**
 * A `WriteRequest` of Prometheus remote write 1.0 in which every series has one sample at the same time. It is measured
 * first, so that it is written into one buffer at once.
 */
export function encodeWriteRequest(series: readonly WrittenSeries[], at: EpochMs): Uint8Array {
  const sampleLength = 1 + 8 + 1 + varintLength(at)
  const lengthOf = ({ labels }: WrittenSeries): number => labels.length + 2 + sampleLength
  const total = series.reduce((sum, one) => sum + 1 + varintLength(lengthOf(one)) + lengthOf(one), 0)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  let to = 0
  for (const one of series) {
    bytes[to++] = tag.timeseries
    to = putVarint(bytes, to, lengthOf(one))
    bytes.set(one.labels, to)
    to += one.labels.length
    bytes[to++] = tag.sample
    bytes[to++] = sampleLength
    bytes[to++] = tag.value
    if (one.value === null) {
      view.setUint32(to, staleMarkerBits.low, true)
      view.setUint32(to + 4, staleMarkerBits.high, true)
    } else view.setFloat64(to, one.value, true)
    to += 8
    bytes[to++] = tag.timestamp
    to = putVarint(bytes, to, at)
  }
  return bytes
}

/** Writes an unsigned number up to 2^53 in protobuf's variable length, and answers where it goes on. */
function putVarint(bytes: Uint8Array, start: number, value: number): number {
  let to = start
  let rest = value
  while (rest >= 0x80) {
    bytes[to++] = (rest % 0x80) + 0x80
    rest = Math.floor(rest / 0x80)
  }
  bytes[to++] = rest
  return to
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1
  return length
}
