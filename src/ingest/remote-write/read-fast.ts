import type { SampleWriter } from '../sample-writer.ts'
import { ProtobufReader } from '../wire/protobuf.ts'
import { readRequestField } from '../wire/remote-write-v1.ts'
import type { WriteRequestV2Reader } from '../wire/remote-write-v2.ts'
import type { FastIndex } from './fast-index.ts'

/**
 * Walks over the message that an index has decompressed, as `readWriteRequest` would: WebAssembly takes what it knows, and
 * each field that it leaves is read by the very same code.
 */
export function readWriteRequestFast(index: FastIndex, writer: SampleWriter): string | undefined {
  return readAll(
    index,
    writer,
    (from) => index.advance(from),
    (reader) => readRequestField(reader, writer),
  )
}

/** The same for a message of version 2.0. Its texts are read a second time only where TypeScript has to read a field. */
export function readWriteRequestV2Fast(
  index: FastIndex,
  writer: SampleWriter,
  version2: WriteRequestV2Reader,
): string | undefined {
  if (!index.findSymbols()) return version2.read(index.message, writer)
  let hasBegun = false
  return readAll(
    index,
    writer,
    (from) => index.advanceV2(from),
    (reader) => {
      if (!hasBegun) version2.begin(index.message)
      hasBegun = true
      version2.readField(reader, writer)
    },
  )
}

function readAll(
  index: FastIndex,
  writer: SampleWriter,
  advance: (from: number) => number,
  readField: (reader: ProtobufReader) => void,
): string | undefined {
  const size = index.message.length
  let reader: ProtobufReader | undefined
  for (let at = 0; at < size; ) {
    at = advance(at)
    writer.samples(index.batch, index.received)
    if (index.stop !== 'foreign') continue
    index.makeRoom()
    if (reader?.bytes !== index.message) reader = new ProtobufReader(index.message, 0, size)
    reader.position = at
    readField(reader)
    if (reader.fault !== undefined) return reader.fault
    at = reader.position
  }
  return undefined
}
