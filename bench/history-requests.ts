import { field, sampleMessage, varint } from './ingest-stream.ts'

/** Samples in the order of time. */
export type Samples = readonly (readonly [timeMs: number, value: number])[]

/** Encoded samples, for all series that have the same. */
export function samplesBlock(samples: Samples): Buffer {
  return Buffer.concat(samples.map(([timeMs, value]) => field(2, sampleMessage(value, timeMs))))
}

/** A request with encoded samples of some series. What makes it costs next to nothing: it is not compressed, in the form of Snappy that says so. */
export function storedRequest(series: readonly { readonly labels: Buffer; readonly samples: Buffer }[]): Buffer {
  const content = Buffer.concat(series.map(({ labels, samples }) => field(1, Buffer.concat([labels, samples]))))
  const literal = Buffer.alloc(5)
  literal[0] = literalOfFourBytes
  literal.writeUInt32LE(content.length - 1, 1)
  return Buffer.concat([varint(content.length), literal, content])
}

/** Says that the length of a literal follows in four bytes. */
const literalOfFourBytes = 63 << 2
