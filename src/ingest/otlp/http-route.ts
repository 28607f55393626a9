import {
  decompressedBodyBytesMax,
  otlpBytesInFlightMax,
  otlpJsonBytesMax,
  otlpRequestsInFlightMax,
  overloadRetryAfterMs,
  requestBodyBytesMax,
} from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import type { HttpAnswer, HttpHead, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import type { Meter } from '../../ports/meter.ts'
import { headerText, shownHeader } from '../http-header.ts'
import { challenge } from '../push-auth.ts'
import { exportResponse, exportResponseJson, rpcStatus, rpcStatusJson } from '../wire/otlp-answers.ts'
import { decompress, encodingsTaken } from './decompress.ts'
import { type ExportOutcome, type ExportRefusal, refused } from './outcome.ts'
import type { OtlpInlet, OtlpReceiver, Sender } from './receiver.ts'

/** The two forms that OTLP has over HTTP. */
type Form = 'protobuf' | 'json'

/** Where OTLP/HTTP comes in. */
export const otlpHttpPath = '/v1/metrics'

/**
 * POST /v1/metrics, OTLP/HTTP. Answers 200, with a partial success where points were refused; 400, 401, 404, 413 and 415 for what
 * no repetition can repair; 503 with Retry-After where there is too much at once. Every body is in the form of the request.
 */
export function otlpHttpRoute(receiver: () => OtlpReceiver, meter: Meter): HttpRoute {
  const underWay = { requests: 0, bytes: 0 }
  return {
    method: 'POST',
    path: otlpHttpPath,
    bodyBytesMax: requestBodyBytesMax,
    refusal(head) {
      const receiving = receiver()
      const form = formOf(head)
      const admitted = form === undefined ? unknownForm(head) : receiving.admit(senderOf(head))
      return 'kind' in admitted ? finish(admitted, head, '', receiving) : undefined
    },
    async handle(request) {
      const receiving = receiver()
      const form = formOf(request)
      const admitted = form === undefined ? unknownForm(request) : receiving.admit(senderOf(request))
      if ('kind' in admitted) return finish(admitted, request, '', receiving)
      const { length } = request.body
      if (underWay.requests >= otlpRequestsInFlightMax || underWay.bytes + length > otlpBytesInFlightMax) {
        meter.count('sloburn_limit_hits_total', { limit: limitHit(underWay.requests) })
        const overloaded = refused('overloaded', 'too many requests at once: send this one again')
        return finish(overloaded, request, admitted.source, receiving)
      }
      underWay.requests++
      underWay.bytes += length
      try {
        const outcome = await take(request, form ?? 'json', admitted, meter)
        return finish(outcome, request, admitted.source, receiving)
      } finally {
        underWay.requests--
        underWay.bytes -= length
      }
    },
  }
}

/** The answer to a request, counted for its source: the one it was let in by, or the one it named. */
function finish(outcome: ExportOutcome, head: HttpHead, admittedBy: string, receiving: OtlpReceiver): HttpAnswer {
  const { source } = senderOf(head)
  const answer = answerOf(outcome, formOf(head) ?? 'json')
  receiving.noteRequest(admittedBy || (source ?? ''), answer.status, outcome)
  if (answer.status !== 401) return answer
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge(receiving.authOf(source)) } }
}

async function take(
  { headers, body }: HttpRequest,
  form: Form,
  inlet: OtlpInlet,
  meter: Meter,
): Promise<ExportOutcome> {
  const encoding = headerText(headers['content-encoding'])
  const limit = form === 'json' ? 'otlpJsonBytesMax' : 'decompressedBodyBytesMax'
  const bytesMax = form === 'json' ? otlpJsonBytesMax : decompressedBodyBytesMax
  const content = await decompress(body, encoding, bytesMax)
  if (content.kind === 'unsupported') {
    return refused('unsupported', `Content-Encoding ${shownHeader(encoding)}: send ${encodingsTaken} or none`)
  }
  if (content.kind === 'corrupt') return refused('malformed', `${encoding}: ${content.reason}`)
  if (content.kind === 'too-large') {
    meter.count('sloburn_limit_hits_total', { limit })
    return refused('too-large', `more than ${bytesMax} bytes are too many (${limit}): send smaller batches`)
  }
  if (form === 'protobuf') return inlet.takeProtobuf(content.bytes)
  const { buffer, byteOffset, byteLength } = content.bytes
  return inlet.takeJson(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'))
}

function answerOf(outcome: ExportOutcome, form: Form): HttpAnswer {
  const headers = { 'content-type': form === 'json' ? 'application/json' : 'application/x-protobuf' }
  if (outcome.kind === 'taken') {
    const body = form === 'json' ? exportResponseJson(outcome.partial) : exportResponse(outcome.partial)
    return { status: 200, headers, body }
  }
  const { status, code } = statuses[outcome.reason]
  const body = form === 'json' ? rpcStatusJson(code, outcome.message) : rpcStatus(code, outcome.message)
  if (outcome.reason !== 'overloaded') return { status, headers, body }
  return { status, headers: { ...headers, 'retry-after': String(overloadRetryAfterMs / secondMs) }, body }
}

/** HTTP statuses, and the codes of google.rpc.Code that say the same. */
const statuses: Readonly<Record<ExportRefusal, { readonly status: number; readonly code: number }>> = {
  malformed: { status: 400, code: 3 },
  unauthenticated: { status: 401, code: 16 },
  'unknown-source': { status: 404, code: 5 },
  'too-large': { status: 413, code: 3 },
  unsupported: { status: 415, code: 3 },
  'too-slow': { status: 408, code: 4 },
  overloaded: { status: 503, code: 14 },
}

function senderOf({ query, headers }: HttpHead): Sender {
  const source = query.get('source') ?? (headerText(headers['x-sloburn-source']) || undefined)
  return { source, authorization: headers['authorization'] }
}

function formOf({ headers }: HttpHead): Form | undefined {
  const type = headerText(headers['content-type']).split(';')[0].trim().toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}

function unknownForm({ headers }: HttpHead): ExportOutcome {
  const type = headerText(headers['content-type'])
  return refused('unsupported', `Content-Type ${shownHeader(type)}: send application/x-protobuf or application/json`)
}

function limitHit(requests: number): string {
  return requests >= otlpRequestsInFlightMax ? 'otlpRequestsInFlightMax' : 'otlpBytesInFlightMax'
}
