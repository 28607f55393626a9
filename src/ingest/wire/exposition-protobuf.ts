import { readMetric } from './exposition-protobuf-metric.ts'
import { type Family, type MetricVisitor, within } from './exposition-protobuf-parts.ts'
import { ProtobufReader, wireType } from './protobuf.ts'
import { ScratchBuffer } from './scratch-buffer.ts'

/** Bytes of the key buffer that is kept; a key at its limits is longer and gets its own. */
const keyBufferBytesMax = 64 * 1024

/**
 * Reads a page of delimited `io.prometheus.client.MetricFamily` messages. The name and type of a family may stand behind its
 * metrics, so a family is walked twice. The first fault ends the page: what follows it cannot be found.
 */
export function parseProtobufExposition(bytes: Uint8Array, visitor: MetricVisitor): void {
  const reader = new ProtobufReader(bytes, 0, bytes.length)
  const keys = new ScratchBuffer(keyBufferBytesMax)
  while (reader.position < bytes.length && reader.fault === undefined) {
    const start = reader.position
    reader.end = bytes.length
    const end = reader.bytesEnd()
    if (reader.fault !== undefined) break
    const bodyAt = reader.position
    reader.end = end
    const family = readFamily(reader)
    if (reader.fault !== undefined) break
    if (family.name === '') {
      visitor.problem({ reason: 'no_metric_name', detail: `a metric family without a name at byte ${start}` })
    } else {
      reader.position = bodyAt
      while (reader.next()) {
        if (reader.field !== 4) reader.skip()
        else within(reader, () => readMetric(reader, family, keys, visitor))
      }
    }
    reader.position = end
  }
  if (reader.fault !== undefined) visitor.problem({ reason: 'malformed', detail: reader.fault })
}

function readFamily(reader: ProtobufReader): Family {
  let name = ''
  let type = 0
  while (reader.next()) {
    if (reader.field === 1 && reader.is(1, wireType.bytes)) name = reader.text()
    else if (reader.field === 3 && reader.is(3, wireType.varint)) type = reader.varint()
    else reader.skip()
  }
  return { name, type }
}
