import type { ConfigReading } from '../../core/model/config-reading.ts'
import { type Secret, type SecretSource, secretSourceSchema } from '../../core/model/secret.ts'
import { type PushAuth, type PushAuthDocument, pushAuth, pushAuthProperties } from '../push-auth.ts'

/** Draft-07 schema of what stands under `otlp:`. */
export const otlpSchema = {
  description:
    'Takes OpenTelemetry metrics on POST /v1/metrics and over gRPC (listen.otlpGrpc); with several such sources, senders name theirs in the header x-sloburn-source, over HTTP also as ?source=NAME.',
  type: 'object',
  properties: {
    ...pushAuthProperties,
    resourceAttributes: {
      description:
        'Attributes of resources that become labels of their series, such as k8s.namespace.name. job, instance, region, zone, service and environment always do.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      maxItems: 40,
    },
    translation: {
      description:
        'How names are written: underscore as Prometheus writes them, http_server_request_duration_seconds, which is the default; none leaves them as they are.',
      enum: ['underscore', 'none'],
    },
  },
  additionalProperties: false,
} as const

/** What stands under `otlp:`, as checked by the schema. */
export interface OtlpDocument extends PushAuthDocument {
  readonly resourceAttributes?: readonly string[]
  readonly translation?: 'underscore' | 'none'
}

/** Settings of an OTLP source. */
export interface OtlpConfig {
  readonly auth: PushAuth
  readonly resourceAttributes: readonly string[]
  readonly translation: 'underscore' | 'none'
}

/** Fills in what is not given and resolves secrets. */
export function otlpConfig(document: OtlpDocument, reading: ConfigReading): OtlpConfig {
  const { resourceAttributes = [], translation = 'underscore' } = document
  return { auth: pushAuth(document, reading), resourceAttributes, translation }
}

/** Draft-07 schema of what the gRPC listener shows of itself, and asks of its senders. */
export const grpcTlsSchema = {
  description: 'Takes gRPC over TLS; each is a PEM text, best given as { file: PATH }.',
  type: 'object',
  properties: {
    cert: { ...secretSourceSchema, description: 'The certificate that senders are shown, with its chain.' },
    key: { ...secretSourceSchema, description: 'Its key.' },
    clientCa: { ...secretSourceSchema, description: 'Senders must show a certificate that one of these has signed.' },
  },
  required: ['cert', 'key'],
  additionalProperties: false,
} as const

/** What the schema lets through. */
export interface GrpcTlsDocument {
  readonly cert: SecretSource
  readonly key: SecretSource
  readonly clientCa?: SecretSource
}

/** PEM texts of the gRPC listener. */
export interface GrpcTlsConfig {
  readonly cert: Secret
  readonly key: Secret
  /** Who signs the certificates of senders; undefined where they need none. */
  readonly clientCa: Secret | undefined
}

/** Resolves the secrets. */
export function grpcTlsConfig({ cert, key, clientCa }: GrpcTlsDocument, reading: ConfigReading): GrpcTlsConfig {
  return {
    cert: reading.secret(cert, '/cert'),
    key: reading.secret(key, '/key'),
    clientCa: clientCa === undefined ? undefined : reading.secret(clientCa, '/clientCa'),
  }
}
