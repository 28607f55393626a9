import type { SampleWriter } from '../sample-writer.ts'
import { ProtobufReader } from '../wire/protobuf.ts'
import { readRequestField } from '../wire/remote-write-v1.ts'
import type { FastIndex } from './fast-index.ts'

/**
 * Walks over the message that an index has decompressed, as `readWriteRequest` would: WebAssembly takes what it knows, and
 * each field that it leaves is read by the very same code.
 */
export function readWriteRequestFast(index: FastIndex, writer: SampleWriter): string | undefined {
  const size = index.message.length
  let reader: ProtobufReader | undefined
  for (let at = 0; at < size; ) {
    at = index.advance(at)
    writer.samples(index.batch, index.received)
    if (index.stop !== 'foreign') continue
    index.makeRoom()
    if (reader?.bytes !== index.message) reader = new ProtobufReader(index.message, 0, size)
    reader.position = at
    readRequestField(reader, writer)
    if (reader.fault !== undefined) return reader.fault
    at = reader.position
  }
  return undefined
}
