import {
  type handleUnaryCall,
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServiceDefinition,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js'
import {
  decompressedBodyBytesMax,
  grpcCallsPerConnectionMax,
  grpcIdleMs,
  keepAliveMs,
  overloadRetryAfterMs,
  requestTimeoutMs,
  serverCloseGraceMs,
} from '../../core/model/limits.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { exportResponse, rpcStatus } from '../wire/otlp-answers.ts'
import type { GrpcTlsConfig } from './config.ts'
import type { ExportOutcome, ExportRefusal } from './outcome.ts'
import type { OtlpReceiver, Sender } from './receiver.ts'

/** OTLP/gRPC as it runs. */
export interface GrpcServer {
  readonly port: number
  /** Takes no further call, lets those under way finish, and cuts them off after a grace period. */
  close(): Promise<void>
}

/** Bodies stay bytes: the decoder of OTLP/HTTP reads them. */
const asTheyAre = (bytes: Buffer): Buffer => bytes

const metricsService = {
  export: {
    path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: asTheyAre,
    requestDeserialize: asTheyAre,
    responseSerialize: asTheyAre,
    responseDeserialize: asTheyAre,
  },
} satisfies ServiceDefinition

/** Where to listen, and as whom. */
export interface GrpcAddress {
  readonly host: string
  readonly port: number
  /** Undefined where calls come in the clear. */
  readonly tls?: GrpcTlsConfig | undefined
  /** A whole message must have come by then; `requestTimeoutMs` unless given. */
  readonly callTimeoutMs?: DurationMs
  /** A connection without a call is closed after so long; `grpcIdleMs` unless given. */
  readonly idleMs?: DurationMs
  /** Calls under way when it closes may take so long to finish; `serverCloseGraceMs` unless given. */
  readonly closeGraceMs?: DurationMs
}

/** Serves OTLP/gRPC; throws with the address and the reason when it cannot listen there. */
export async function startGrpcServer(
  {
    host,
    port,
    tls,
    callTimeoutMs = requestTimeoutMs,
    idleMs = grpcIdleMs,
    closeGraceMs = serverCloseGraceMs,
  }: GrpcAddress,
  receiver: () => OtlpReceiver,
): Promise<GrpcServer> {
  // It would write to standard error; what matters of it is told by the error.
  setLogVerbosity(logVerbosity.NONE)
  const server = new Server({
    'grpc.max_receive_message_length': decompressedBodyBytesMax,
    'grpc.max_concurrent_streams': grpcCallsPerConnectionMax,
    'grpc.max_connection_idle_ms': idleMs,
    'grpc.keepalive_time_ms': keepAliveMs,
    'grpc.enable_channelz': 0,
    interceptors: [admission(receiver, callTimeoutMs)],
  })
  const handle: handleUnaryCall<Buffer, Buffer> = ({ metadata, request }, callback) => {
    const outcome = exported(senderOf(metadata), request, receiver())
    if (outcome.kind === 'taken') callback(null, Buffer.from(exportResponse(outcome.partial)))
    else callback(errorOf(outcome.reason, outcome.message))
  }
  server.addService(metricsService, { export: handle })
  const shownHost = host.includes(':') ? `[${host}]` : host
  const address = `${shownHost}:${port}`
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentialsOf(tls), (error, given) => {
      if (error === null) resolve(given)
      else reject(new Error(`cannot listen on ${address} for OTLP/gRPC: ${error.message}`, { cause: error }))
    })
  })
  return { port: bound, close: () => closeGracefully(server, `${shownHost}:${bound}`, closeGraceMs) }
}

/** Turns away who may not send before the message is read, and who takes too long to send it. */
function admission(receiver: () => OtlpReceiver, callTimeoutMs: DurationMs): ServerInterceptor {
  return (_method, call) => {
    let sender: Sender = { source: undefined, authorization: undefined }
    const refuse = (outcome: ExportOutcome & { readonly kind: 'refused' }): void => {
      receiver().noteRequest(sender.source ?? '', httpStatusOf(outcome), outcome)
      const error = errorOf(outcome.reason, outcome.message)
      call.sendStatus({ code: error.code, details: error.details, metadata: error.metadata })
    }
    const late = setTimeout(() => refuse({ kind: 'refused', reason: 'too-slow', message: tooSlow }), callTimeoutMs)
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, letThrough) => {
            sender = senderOf(metadata)
            const admitted = receiver().admit(sender)
            if (!('kind' in admitted) || admitted.kind === 'taken') return letThrough(metadata)
            clearTimeout(late)
            refuse(admitted)
          },
          onReceiveMessage: (message, letThrough) => {
            clearTimeout(late)
            letThrough(message)
          },
          onCancel: () => clearTimeout(late),
        })
      },
    })
  }
}

const tooSlow = 'the message did not arrive in time: send smaller ones'

function credentialsOf(tls: GrpcTlsConfig | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure()
  const { cert, key, clientCa } = tls
  const pair = { cert_chain: Buffer.from(cert.reveal()), private_key: Buffer.from(key.reveal()) }
  const ca = clientCa === undefined ? null : Buffer.from(clientCa.reveal())
  return ServerCredentials.createSsl(ca, [pair], clientCa !== undefined)
}

function exported(sender: Sender, request: Buffer, receiver: OtlpReceiver): ExportOutcome {
  const admitted = receiver.admit(sender)
  const outcome = 'kind' in admitted ? admitted : admitted.takeProtobuf(request)
  const source = 'kind' in admitted ? (sender.source ?? '') : admitted.source
  receiver.noteRequest(source, httpStatusOf(outcome), outcome)
  return outcome
}

function senderOf(metadata: Metadata): Sender {
  const [source] = metadata.get('x-sloburn-source')
  const [authorization] = metadata.get('authorization')
  return { source: source?.toString(), authorization: authorization?.toString() }
}

/** An error that a sender understands: whether it may try again, and when, stands in its details. */
function errorOf(
  reason: ExportRefusal,
  message: string,
): { readonly code: status; readonly details: string; readonly metadata: Metadata } {
  const { code } = codes[reason]
  const metadata = new Metadata()
  const retryAfterMs = reason === 'overloaded' ? overloadRetryAfterMs : undefined
  metadata.set('grpc-status-details-bin', Buffer.from(rpcStatus(code, message, retryAfterMs)))
  return { code, details: message, metadata }
}

function httpStatusOf(outcome: ExportOutcome): number {
  return outcome.kind === 'taken' ? 200 : codes[outcome.reason].http
}

const codes: Readonly<Record<ExportRefusal, { readonly code: status; readonly http: number }>> = {
  malformed: { code: status.INVALID_ARGUMENT, http: 400 },
  unauthenticated: { code: status.UNAUTHENTICATED, http: 401 },
  'unknown-source': { code: status.NOT_FOUND, http: 404 },
  'too-large': { code: status.INVALID_ARGUMENT, http: 413 },
  unsupported: { code: status.INVALID_ARGUMENT, http: 415 },
  'too-slow': { code: status.DEADLINE_EXCEEDED, http: 408 },
  overloaded: { code: status.UNAVAILABLE, http: 503 },
}

/** `forceShutdown` would not do: it knows of no connection where channelz is off. */
async function closeGracefully(server: Server, address: string, graceMs: DurationMs): Promise<void> {
  server.drain(address, graceMs)
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
}
