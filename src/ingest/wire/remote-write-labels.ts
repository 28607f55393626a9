import type { Labels } from '../../core/model/labels.ts'
import { LabelCollector } from './label-collector.ts'
import { ProtobufReader, wireType } from './protobuf.ts'
import { labelFields, seriesFields } from './remote-write-fields.ts'
import type { Refusal } from './series-visitor.ts'

/** Decodes the labels of a remote-write key, which only a series not seen before needs. */
export function remoteWriteLabels(bytes: Uint8Array, start: number, end: number): Labels | Refusal {
  const reader = new ProtobufReader(bytes, start, end)
  const labels = new LabelCollector()
  while (labels.refusal === undefined && reader.next()) {
    if (!reader.is(seriesFields.labels, wireType.bytes)) continue
    const keyEnd = reader.end
    reader.end = reader.bytesEnd()
    readLabel(reader, labels)
    reader.end = keyEnd
  }
  if (reader.fault !== undefined) return { reason: 'malformed', detail: reader.fault }
  return labels.finish()
}

function readLabel(reader: ProtobufReader, labels: LabelCollector): void {
  let name: Uint8Array = empty
  let value: Uint8Array = empty
  while (reader.next()) {
    if (reader.is(labelFields.name, wireType.bytes)) name = reader.content()
    else if (reader.is(labelFields.value, wireType.bytes)) value = reader.content()
    else reader.skip()
  }
  if (reader.fault === undefined) labels.add(name, value)
}

const empty = new Uint8Array(0)
