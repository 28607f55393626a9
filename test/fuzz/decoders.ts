import assert from 'node:assert/strict'
import type { Labels } from '../../src/core/model/labels.ts'
import { decompressedBodyBytesMax } from '../../src/core/model/limits.ts'
import type { ExportOutcome } from '../../src/ingest/otlp/outcome.ts'
import { type OtlpInlet, otlpReceiver } from '../../src/ingest/otlp/receiver.ts'
import { parseHistoryAnswer } from '../../src/ingest/prometheus-api/history-answer.ts'
import { parseQueryAnswer } from '../../src/ingest/prometheus-api/query-answer.ts'
import { FastIndex } from '../../src/ingest/remote-write/fast-index.ts'
import { fastModule } from '../../src/ingest/remote-write/fast-module.ts'
import { Inlet } from '../../src/ingest/remote-write/inlet.ts'
import { SampleWriter } from '../../src/ingest/sample-writer.ts'
import type { PageFormat } from '../../src/ingest/scrape/fetch-exposition.ts'
import { readPage } from '../../src/ingest/scrape/read-page.ts'
import { seriesAllowance } from '../../src/ingest/series-allowance.ts'
import { expositionLabels } from '../../src/ingest/wire/exposition-labels.ts'
import { ScratchBuffer } from '../../src/ingest/wire/scratch-buffer.ts'
import { decodeSnappy } from '../../src/ingest/wire/snappy.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { asOpenMetrics, asProtobuf, asText } from '../support/ingest-formats.ts'
import { encodeExport } from '../support/ingest-otlp-messages.ts'
import { plainSource } from '../support/ingest-otlp-server.ts'
import { RecordingSink } from '../support/ingest-recording-sink.ts'
import { compress, encodeWriteRequest } from '../support/ingest-write-requests.ts'
import { encodeRequestV2, requestV2 } from '../support/ingest-write-requests-v2.ts'
import { exports, page, writeRequests, writeRequestsV2 } from './decoder-seeds.ts'
import type { FuzzTarget } from './guided.ts'

const openAuth = { authorization: undefined, source: undefined }
const at = 1_767_225_600_000
const clock = { now: () => at, sleepUntil: () => Promise.reject(new Error('nobody sleeps here')) }
const text = new TextEncoder()

/** Every decoder that reads what strangers send; those that exist twice are compared with each other on every input. */
export const decoderTargets: readonly FuzzTarget[] = [
  {
    name: 'snappy, in WebAssembly and in TypeScript',
    seeds: [compress(text.encode('the same the same the same and something else')), Uint8Array.of(3, 8, 1, 2, 3)],
    words: ['\xfe\x01\x00', '\x04a', '\xff\xff\xff\xff\x0f', '\xf0\x3c'],
    covers: isIn('src/ingest/wire/snappy.ts'),
    open: () => {
      const index = fastIndex()
      const scratch = new ScratchBuffer(1_000_000)
      return (body) => {
        const expected = decodeSnappy(body, scratch, decompressedBodyBytesMax)
        assert.equal(index.decompress(body).kind === 'decoded', expected.kind === 'decoded', expected.kind)
        if (expected.kind === 'decoded') assert.ok(Buffer.from(index.message).equals(expected.bytes), 'other bytes')
      }
    },
  },
  {
    name: 'remote write 1.0, in WebAssembly and in TypeScript',
    seeds: writeRequests.map(encodeWriteRequest),
    words: [
      '\x0a\x0d\x0a\x08__name__\x12\x01m',
      '\x12\x0c\x09',
      '\x10\x80\x9c\xa5\x95\xb73',
      '\x00\x00\x00\x00\x00\x00\xf0\x7f',
    ],
    covers: isIn('src/ingest/wire/', 'src/ingest/sample-writer.ts', 'src/ingest/remote-write/'),
    open: () => {
      const [fast, plain] = [false, true].map(writeInlet)
      return (message) => {
        const body = compress(message)
        // The second time its series are known, and read by another way.
        for (let time = 0; time < 2; time++) {
          assert.deepEqual(fast.take(body, 1, at), plain.take(body, 1, at))
          assert.deepEqual(fast.sink.take(), plain.sink.take())
        }
      }
    },
  },
  {
    name: 'remote write 2.0, in WebAssembly and in TypeScript',
    seeds: writeRequestsV2.map((series) => encodeRequestV2(requestV2(series))),
    words: ['\x22\x00', '\x22\x08__name__', '\x2a\x06\x0a\x02\x01\x02', '\x12\x0c\x09'],
    covers: isIn('src/ingest/wire/', 'src/ingest/sample-writer.ts', 'src/ingest/remote-write/'),
    open: () => {
      const [fast, plain] = [false, true].map(writeInlet)
      return (message) => {
        const body = compress(message)
        for (let time = 0; time < 2; time++) {
          assert.deepEqual(fast.take(body, 2, at), plain.take(body, 2, at))
          assert.deepEqual(fast.sink.take(), plain.sink.take())
        }
      }
    },
  },
  pageTarget('text', [text.encode(asText(page)), text.encode('a{b="c\\n\\"d"} NaN 5\n# HELP a x\na +Inf\n')]),
  pageTarget('openmetrics', [text.encode(asOpenMetrics(page))]),
  pageTarget('protobuf', [asProtobuf(page)]),
  {
    name: 'OTLP in protobuf',
    seeds: exports.map(encodeExport),
    words: ['\x0a\x00', '\x12\x02\x10\x01', '\x3a\x00', '\x52\x00', '\x19\x00\x00\x00\x00\x00\x00\x00\x01'],
    covers: isIn('src/ingest/wire/otlp', 'src/ingest/otlp/', 'src/ingest/native-trail.ts'),
    open: () => exportInlet((inlet, input) => inlet.takeProtobuf(input)),
  },
  {
    name: 'OTLP in JSON',
    seeds: exports.map((each) => text.encode(JSON.stringify(each))),
    words: [
      '"attributes":[',
      '{"key":"a","value":{"',
      'kvlistValue',
      'arrayValue',
      '"asInt":"',
      '"timeUnixNano":"',
      '}]}',
    ],
    covers: isIn('src/ingest/wire/otlp-json', 'src/ingest/wire/otlp-shapes'),
    open: () => exportInlet((inlet, input) => inlet.takeJson(Buffer.from(input).toString('utf8'))),
  },
  {
    name: 'answers of a query API',
    seeds: [
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1.5,"2"],[2,"+Inf"]]}]}}',
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[1,{"count":"4","sum":"1","buckets":[[3,"-0.1","0.1","1"],[0,"1","2","3"]]}]]}]}}',
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}',
      '{"status":"error","errorType":"bad_data","error":"x","warnings":["y"]}',
    ].map((each) => text.encode(each)),
    words: [
      '"resultType":"scalar"',
      '"result":[]',
      'null',
      '"isPartial":true',
      '"warnings":[',
      '"histogram"',
      '[',
      '{',
    ],
    covers: isIn('src/ingest/prometheus-api/'),
    open: () => (input) => {
      const body = Buffer.from(input).toString('utf8')
      for (const status of [200, 404]) {
        parseHistoryAnswer(status, body)
        const answer = parseQueryAnswer(status, body)
        if (answer.kind === 'number') assert.ok(Number.isFinite(answer.value))
      }
    },
  },
]

/** A page is read twice, the second time by the series that are expected, and the text ones in pieces as well. */
function pageTarget(format: PageFormat, seeds: readonly Uint8Array[]): FuzzTarget {
  return {
    name: `pages in ${format}`,
    seeds,
    words: [
      '# TYPE ',
      '# EOF\n',
      'counter\n',
      '_created',
      ' # {trace_id="',
      '{',
      '}',
      '="',
      '\\',
      '\x0a\x00',
      '\x22\x02',
    ],
    covers: isIn('src/ingest/wire/exposition', 'src/ingest/scrape/read-page', 'src/ingest/sample-writer.ts'),
    open: () => {
      const { sink, writer } = pageWriter()
      const settings = { honorTimestamps: true, samplesMax: Number.POSITIVE_INFINITY }
      const samplesOf = (bytes: Uint8Array) => {
        const { summary } = readPage(writer, { bytes, format }, at, Number.NEGATIVE_INFINITY, settings)
        return [summary, sink.take()]
      }
      return (bytes) => {
        const first = samplesOf(bytes)
        assert.deepEqual(samplesOf(bytes), first, 'the same again is read in the same way')
      }
    },
  }
}

function pageWriter() {
  const sink = recordingSink()
  const options = { origin: { source: 'page', region: 'eu' }, sink, meter: silentMeter, allowance: seriesAllowance() }
  return { sink, writer: new SampleWriter({ ...options, decodeKey: expositionLabels }) }
}

function writeInlet(plain: boolean) {
  const sink = recordingSink()
  const scratch = new ScratchBuffer(1_000_000)
  const shared = { source: 'push', region: 'eu', regionLabel: undefined, scratch, bytesMax: decompressedBodyBytesMax }
  const inlet = new Inlet({ ...shared, sink, meter: silentMeter, allowance: seriesAllowance(), plain })
  return { sink, take: (body: Uint8Array, version: 1 | 2, now: number) => inlet.take(body, version, now) }
}

function exportInlet(take: (inlet: OtlpInlet, input: Uint8Array) => ExportOutcome): (input: Uint8Array) => void {
  const options = { sources: [plainSource], sink: recordingSink(), clock, meter: silentMeter, log: silentLog }
  const inlet = otlpReceiver(options).admit(openAuth)
  if ('kind' in inlet) throw new Error(inlet.kind)
  return (input) => {
    const first = take(inlet, input)
    assert.deepEqual(take(inlet, input).kind, first.kind, 'the same again is read in the same way')
  }
}

/** Wants some bounds of histograms, and not every series. */
function recordingSink(): RecordingSink {
  return Object.assign(new RecordingSink(), {
    bounds: [0.3, 1, Number.POSITIVE_INFINITY],
    unwanted: (labels: Labels) => labels.get('job') === 'b',
  })
}

function fastIndex(): FastIndex {
  const module = fastModule()
  if (module === undefined) throw new Error('this machine does not run the module')
  return new FastIndex(module, seriesAllowance())
}

function isIn(...places: readonly string[]): (url: string) => boolean {
  return (url) => places.some((place) => url.includes(place))
}
