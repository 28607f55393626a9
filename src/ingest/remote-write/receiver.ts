import { decodeBufferKeptBytesMax, decompressedBodyBytesMax, requestBodyBytesMax } from '../../core/model/limits.ts'
import { type EpochMs, minuteMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpAnswer, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import { SampleWriter } from '../sample-writer.ts'
import { seriesAllowance } from '../series-allowance.ts'
import { remoteWriteLabels } from '../wire/remote-write-labels.ts'
import { readWriteRequest } from '../wire/remote-write-v1.ts'
import { ScratchBuffer } from '../wire/scratch-buffer.ts'
import { decodeSnappy } from '../wire/snappy.ts'
import { textAnswer, writeAnswer } from './answer.ts'
import { negotiate } from './negotiate.ts'

/** A refused request is remembered for so long, so that a sender with one bad series does not fill the log. */
const problemHeldMs = minuteMs

export interface RemoteWriteOptions {
  readonly sources: readonly RemoteWriteSource[]
  readonly sink: SampleSink
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** Who writes. */
export interface RemoteWriteSource {
  readonly name: string
  /** The region of samples that carry no region label. */
  readonly region: string | undefined
  /** Where its samples go, when not where all others go. */
  readonly sink?: SampleSink
}

/** The route, and how its sources fare. */
export interface RemoteWriteRoute extends HttpRoute {
  /** What was wrong with a request of a source within the last minute or so; undefined when all were fine. */
  problem(source: string): string | undefined
}

/**
 * POST /api/v1/write, remote write 1.0. Answers 204; 400 for what no repetition can repair; 413 and 415 before anything
 * is decoded; 404 when several sources write and `?source=` names none of them.
 */
export function remoteWriteRoute(options: RemoteWriteOptions): RemoteWriteRoute {
  const { sources, meter } = options
  const inlets = new Map(sources.map((source) => [source.name, inlet(source, options)]))
  const scratch = new ScratchBuffer(decodeBufferKeptBytesMax)
  return {
    method: 'POST',
    path: '/api/v1/write',
    bodyBytesMax: requestBodyBytesMax,
    handle(request) {
      const source = sourceOf(request, sources)
      const target = source === undefined ? undefined : inlets.get(source)
      const answer = target === undefined ? unknownSource(sources) : receive(request, target, scratch, options)
      meter.count('sloburn_ingest_requests_total', { source: source ?? '', status: String(answer.status) })
      if (target !== undefined) noteState(target, answer, options.clock.now(), options.log)
      return answer
    },
    problem: (source) => inlets.get(source)?.problem,
  }
}

/** One source's own state. */
interface Inlet {
  readonly source: string
  readonly writer: SampleWriter
  problem: string | undefined
  problemAt: EpochMs
}

function inlet({ name, region, sink: ownSink }: RemoteWriteSource, options: RemoteWriteOptions): Inlet {
  const { meter } = options
  const sink = ownSink ?? options.sink
  // Senders split what they scraped over several requests and connections.
  const origin = { source: name, region, splitDelivery: true }
  const decodeKey = remoteWriteLabels
  const writer = new SampleWriter({ origin, sink, meter, decodeKey, allowance: seriesAllowance() })
  return { source: name, writer, problem: undefined, problemAt: 0 }
}

/** A lone source need not be named; of several none is taken for another, which would count in the wrong region. */
function sourceOf({ query }: HttpRequest, sources: readonly RemoteWriteSource[]): string | undefined {
  const named = query.get('source')
  if (named === null) return sources.length === 1 ? sources[0].name : undefined
  return sources.some(({ name }) => name === named) ? named : undefined
}

function unknownSource(sources: readonly RemoteWriteSource[]): HttpAnswer {
  const names = sources.map(({ name }) => `/api/v1/write?source=${encodeURIComponent(name)}`)
  return textAnswer(404, `no such remote-write source; there is ${names.join(', ')}`)
}

function receive(request: HttpRequest, target: Inlet, scratch: ScratchBuffer, options: RemoteWriteOptions): HttpAnswer {
  const { body } = request
  if (body.length > requestBodyBytesMax) return tooLarge('requestBodyBytesMax', body.length, options.meter)
  const misunderstood = negotiate(request)
  if (misunderstood !== undefined) return misunderstood
  const block = decodeSnappy(body, scratch, decompressedBodyBytesMax)
  if (block.kind === 'too-large') return tooLarge('decompressedBodyBytesMax', block.length, options.meter)
  const { writer } = target
  writer.begin(options.clock.now())
  const fault = block.kind === 'corrupt' ? `snappy: ${block.reason}` : readWriteRequest(block.bytes, writer)
  if (fault !== undefined) writer.problem({ reason: 'malformed', detail: fault })
  const summary = writer.end()
  if (fault === undefined) return writeAnswer(summary)
  return textAnswer(400, `not a prometheus.WriteRequest: ${fault}; ${summary.received} samples before it were read`)
}

function tooLarge(limit: 'requestBodyBytesMax' | 'decompressedBodyBytesMax', length: number, meter: Meter): HttpAnswer {
  meter.count('sloburn_limit_hits_total', { limit })
  return textAnswer(413, `${length} bytes are too many (${limit}): send smaller batches`)
}

/** Says once that a source's requests are refused, and once that none was for a while: good and bad ones alternate. */
function noteState(target: Inlet, answer: HttpAnswer, now: EpochMs, log: Log): void {
  const { source } = target
  if (answer.status >= 300) {
    const problem = String(answer.body ?? answer.status).trim()
    if (target.problem === undefined) log.warn({ source, status: answer.status, problem }, 'remote write refused')
    target.problem = problem
    target.problemAt = now
  } else if (target.problem !== undefined && now - target.problemAt >= problemHeldMs) {
    log.info({ source }, 'remote write is fine again')
    target.problem = undefined
  }
}
