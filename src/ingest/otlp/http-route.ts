import {
  decompressedBodyBytesMax,
  otlpBytesInFlightMax,
  otlpJsonBytesMax,
  otlpRequestsInFlightMax,
  overloadRetryAfterMs,
  requestBodyBytesMax,
} from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import type { HttpAnswer, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import type { Meter } from '../../ports/meter.ts'
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
    async handle(request) {
      const sender = senderOf(request)
      const form = formOf(request)
      const receiving = receiver()
      const admitted = form === undefined ? unknownForm(request) : receiving.admit(sender)
      if ('kind' in admitted) return finish(admitted, form, sender.source ?? '')
      const { length } = request.body
      if (underWay.requests >= otlpRequestsInFlightMax || underWay.bytes + length > otlpBytesInFlightMax) {
        meter.count('sloburn_limit_hits_total', { limit: limitHit(underWay.requests) })
        return finish(refused('overloaded', 'too many requests at once: send this one again'), form, admitted.source)
      }
      underWay.requests++
      underWay.bytes += length
      try {
        return finish(await take(request, form ?? 'json', admitted, meter), form, admitted.source)
      } finally {
        underWay.requests--
        underWay.bytes -= length
      }

      function finish(outcome: ExportOutcome, shownAs: Form | undefined, source: string): HttpAnswer {
        const answer = answerOf(outcome, shownAs ?? 'json')
        receiving.noteRequest(source, answer.status, outcome)
        if (answer.status !== 401) return answer
        const headers = { ...answer.headers, 'www-authenticate': challenge(receiving.authOf(sender.source)) }
        return { ...answer, headers }
      }
    },
  }
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
    return refused('unsupported', `Content-Encoding ${shown(encoding)}: send ${encodingsTaken} or none`)
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
  overloaded: { status: 503, code: 14 },
}

function senderOf({ query, headers }: HttpRequest): Sender {
  const source = query.get('source') ?? (headerText(headers['x-sloburn-source']) || undefined)
  return { source, authorization: headers['authorization'] }
}

function formOf({ headers }: HttpRequest): Form | undefined {
  const type = headerText(headers['content-type']).split(';')[0].trim().toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}

function unknownForm({ headers }: HttpRequest): ExportOutcome {
  const type = headerText(headers['content-type'])
  return refused('unsupported', `Content-Type ${shown(type)}: send application/x-protobuf or application/json`)
}

function limitHit(requests: number): string {
  return requests >= otlpRequestsInFlightMax ? 'otlpRequestsInFlightMax' : 'otlpBytesInFlightMax'
}

function headerText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}

function shown(value: string): string {
  return value === '' ? 'is missing' : `${JSON.stringify(value.slice(0, 200))} is not understood`
}
