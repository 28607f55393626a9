import { type GrpcTlsConfig, type GrpcTlsDocument, grpcTlsConfig, grpcTlsSchema } from '../../ingest/otlp/config.ts'
import { shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'

/** Draft-07 schema of `listen:`. */
const listenSchema = {
  type: 'object',
  properties: {
    http: { type: 'string', description: 'host:port, or :port for all interfaces' },
    otlpGrpc: {
      type: 'string',
      description: 'host:port on which OpenTelemetry metrics are taken over gRPC; senders expect port 4317.',
    },
    otlpGrpcTls: grpcTlsSchema,
    otlpHttp: {
      type: 'string',
      description: 'host:port on which POST /v1/metrics is taken as well; senders expect port 4318.',
    },
  },
  additionalProperties: false,
} as const

interface ListenDocument {
  readonly http?: string
  readonly otlpGrpc?: string
  readonly otlpGrpcTls?: GrpcTlsDocument
  readonly otlpHttp?: string
}

/** The addresses that are listened on. */
export interface ListenConfig {
  readonly http: Address
  /** Undefined where OTLP/gRPC is not taken. */
  readonly otlpGrpc: GrpcAddress | undefined
  /** Another address for OTLP/HTTP, which `http` takes anyway. */
  readonly otlpHttp: Address | undefined
}

/** An address for calls, and the certificate that is shown there; none where they come in the clear. */
export interface GrpcAddress extends Address {
  readonly tls?: GrpcTlsConfig
}

/** An address to listen on; port 0 is any free one. */
export interface Address {
  readonly host: string
  readonly port: number
}

const hasListenShape = shapeCheck<ListenDocument>(listenSchema)
/** Only this machine, because the API has no authentication of its own. */
const httpByDefault: Address = { host: '127.0.0.1', port: 9712 }

/** Reads `listen:`. */
export function readListen(value: unknown, reading: Reading): ListenConfig {
  if (value === undefined || !hasListenShape(value, '/listen', reading.problems)) {
    return { http: httpByDefault, otlpGrpc: undefined, otlpHttp: undefined }
  }
  return {
    http: readAddress(value.http, 'http', '127.0.0.1:9712', reading) ?? httpByDefault,
    otlpGrpc: readGrpc(value, reading),
    otlpHttp: readAddress(value.otlpHttp, 'otlpHttp', '127.0.0.1:4318', reading),
  }
}

function readGrpc({ otlpGrpc, otlpGrpcTls }: ListenDocument, reading: Reading): GrpcAddress | undefined {
  const address = readAddress(otlpGrpc, 'otlpGrpc', '127.0.0.1:4317', reading)
  if (otlpGrpcTls === undefined) return address
  const part = partReading('/listen/otlpGrpcTls', reading)
  const tls = grpcTlsConfig(otlpGrpcTls, part)
  if (otlpGrpc === undefined) part.report('', 'there is no listen.otlpGrpc that it could be for', 'name its address')
  return address === undefined ? undefined : { ...address, tls }
}

/** One address; what is none is reported. */
function readAddress(
  text: string | undefined,
  key: string,
  example: string,
  { problems }: Reading,
): Address | undefined {
  if (text === undefined) return undefined
  const address = parseAddress(text)
  if (address !== undefined) return address
  const message = `listen.${key} is not an address to listen on`
  const hint = `for example ${example}, or ${example.slice(example.indexOf(':'))} for all interfaces`
  problems.report({ code: 'CONFIG_ADDRESS', pointer: `/listen/${key}`, message, hint })
  return undefined
}

/** Reads `host:port`, `[v6]:port` or `:port`; undefined when it is none of them. */
function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const [, v6, name, digits] = match
  const port = Number(digits)
  if (port > 65_535) return undefined
  const host = v6 ?? name ?? ''
  return { host: host === '' ? '0.0.0.0' : host, port }
}
