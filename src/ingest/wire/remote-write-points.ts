import { staleMarkerBits } from '../../core/model/stale-marker.ts'
import type { ProtobufReader } from './protobuf.ts'
import { wireType } from './protobuf.ts'
import { sampleFields } from './remote-write-fields.ts'
import type { SeriesVisitor } from './series-visitor.ts'

/** Reads the sample message that the reader stands in. A field that is absent is 0; a start time of 0 is none. */
export function readSample(reader: ProtobufReader, visitor: SeriesVisitor, createdMs: number): void {
  let value = 0
  let timeMs = 0
  let startMs = 0
  let stale = false
  while (reader.next()) {
    if (reader.is(sampleFields.value, wireType.fixed64)) {
      value = reader.double()
      stale = isStale(reader, value)
    } else if (reader.is(sampleFields.time, wireType.varint)) timeMs = reader.int64()
    else if (reader.is(sampleFields.start, wireType.varint)) startMs = reader.int64()
    else reader.skip()
  }
  if (reader.fault === undefined) visitor.sample(timeMs, value, stale, startMs === 0 ? createdMs : startMs)
}

/** Whether the double just read marks the end of a series. */
export function isStale(reader: ProtobufReader, value: number): boolean {
  return Number.isNaN(value) && reader.wasDouble(staleMarkerBits.high, staleMarkerBits.low)
}
