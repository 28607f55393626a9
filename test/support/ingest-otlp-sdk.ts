import type { MetricOptions } from '@opentelemetry/api'
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc'
import {
  AggregationTemporalityPreference,
  OTLPMetricExporter as JsonExporter,
} from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'

/** The three ways an OpenTelemetry SDK sends. */
export const sdkTransports = ['http/protobuf', 'http/json', 'grpc'] as const

export type SdkTransport = (typeof sdkTransports)[number]

export interface SdkChoices {
  readonly transport: SdkTransport
  /** For HTTP the whole address of /v1/metrics, for gRPC that of the server. */
  readonly url: string
  readonly temporality: 'delta' | 'cumulative'
  readonly compression: 'none' | 'gzip'
  readonly resource: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Names of histograms that are exponential. */
  readonly exponential?: readonly string[]
}

/** A real OpenTelemetry SDK, which sends when told to. */
export interface SdkSender {
  counter(name: string, options?: MetricOptions): { add(value: number, attributes?: Record<string, string>): void }
  upDownCounter(
    name: string,
    options?: MetricOptions,
  ): { add(value: number, attributes?: Record<string, string>): void }
  histogram(name: string, options?: MetricOptions): { record(value: number, attributes?: Record<string, string>): void }
  /** Collects and sends; rejects when the receiver refuses. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** Starts an SDK. */
export function sdkSender(choices: SdkChoices): SdkSender {
  const reader = new PeriodicExportingMetricReader({ exporter: exporterOf(choices), exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({
    resource: resourceFromAttributes(choices.resource),
    readers: [reader],
    views: (choices.exponential ?? []).map((instrumentName) => ({
      instrumentName,
      aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM },
    })),
  })
  const meter = provider.getMeter('shop', '1.2.3')
  return {
    counter: (name, options) => meter.createCounter(name, options),
    upDownCounter: (name, options) => meter.createUpDownCounter(name, options),
    histogram: (name, options) => meter.createHistogram(name, options),
    flush: () => reader.forceFlush(),
    stop: () => provider.shutdown(),
  }
}

function exporterOf({ transport, url, temporality, compression, headers = {} }: SdkChoices): PushMetricExporter {
  const temporalityPreference =
    temporality === 'delta' ? AggregationTemporalityPreference.DELTA : AggregationTemporalityPreference.CUMULATIVE
  const common = {
    url,
    temporalityPreference,
    compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
  }
  if (transport === 'grpc') return new GrpcExporter(common)
  const options = { ...common, headers: { ...headers } }
  return transport === 'http/json' ? new JsonExporter(options) : new ProtoExporter(options)
}
