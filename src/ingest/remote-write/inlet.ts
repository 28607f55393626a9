import type { EpochMs } from '../../core/model/units.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import { SampleWriter } from '../sample-writer.ts'
import type { SeriesAllowance } from '../series-allowance.ts'
import { remoteWriteLabels } from '../wire/remote-write-labels.ts'
import { readWriteRequest } from '../wire/remote-write-v1.ts'
import { WriteRequestV2Reader } from '../wire/remote-write-v2.ts'
import type { ScratchBuffer } from '../wire/scratch-buffer.ts'
import { decodeSnappy } from '../wire/snappy.ts'
import type { WriteSummary } from '../write-summary.ts'
import { FastIndex } from './fast-index.ts'
import { fastModule } from './fast-module.ts'
import type { MessageVersion } from './negotiate.ts'
import { readWriteRequestFast, readWriteRequestV2Fast } from './read-fast.ts'

/** What the samples of one source and region go through. */
export interface InletOptions {
  readonly source: string
  readonly region: string | undefined
  readonly regionLabel: string | undefined
  readonly sink: SampleSink
  readonly meter: Meter
  readonly allowance: SeriesAllowance
  /** For bodies that are read by TypeScript; shared, since nothing is awaited while one is read. */
  readonly scratch: ScratchBuffer
  /** Bytes of a body at most, once decompressed. */
  readonly bytesMax: number
  /** Reads by TypeScript alone, as on machines that cannot run the WebAssembly module. */
  readonly plain?: boolean
}

/** What became of one body. */
export type Taken =
  | { readonly kind: 'too-large'; readonly length: number }
  /** `fault` says what is wrong with the bytes; what stood before it was read. */
  | { readonly kind: 'read'; readonly summary: WriteSummary; readonly fault: string | undefined }

/** The way in of one source and region: from a compressed body to the sink. */
export class Inlet {
  readonly #options: InletOptions
  readonly #writer: SampleWriter
  readonly #fast: FastIndex | undefined
  readonly #versionTwo = new WriteRequestV2Reader()

  constructor(options: InletOptions) {
    const { source, region, regionLabel, sink, meter, allowance } = options
    this.#options = options
    const module = options.plain === true ? undefined : fastModule()
    this.#fast = module === undefined ? undefined : new FastIndex(module, allowance)
    // Senders split what they scraped over several requests and connections.
    const origin = { source, region, splitDelivery: true }
    const index = this.#fast === undefined ? {} : { index: this.#fast }
    this.#writer = new SampleWriter({
      origin,
      sink,
      meter,
      decodeKey: remoteWriteLabels,
      allowance,
      regionLabel,
      ...index,
    })
  }

  /** Bytes held to recognise series by. */
  get bytes(): number {
    return this.#writer.bytes
  }

  /** Takes one body, whole. */
  take(body: Uint8Array, version: MessageVersion, now: EpochMs): Taken {
    const fast = this.#fast
    if (fast !== undefined && fast.decompress(body).kind === 'decoded') {
      if (version === 1) return this.#read(now, (writer) => readWriteRequestFast(fast, writer))
      return this.#read(now, (writer) => readWriteRequestV2Fast(fast, writer, this.#versionTwo))
    }
    const { scratch, bytesMax } = this.#options
    const block = decodeSnappy(body, scratch, bytesMax)
    if (block.kind === 'too-large') return { kind: 'too-large', length: block.length }
    return this.#read(now, (writer) => {
      if (block.kind === 'corrupt') return `snappy: ${block.reason}`
      return version === 1 ? readWriteRequest(block.bytes, writer) : this.#versionTwo.read(block.bytes, writer)
    })
  }

  #read(now: EpochMs, read: (writer: SampleWriter) => string | undefined): Taken {
    const writer = this.#writer
    writer.begin(now)
    const fault = read(writer)
    if (fault !== undefined) writer.problem({ reason: 'malformed', detail: fault })
    return { kind: 'read', summary: writer.end(), fault }
  }
}
