import type { OtlpConfig } from '../../src/ingest/otlp/config.ts'
import { startGrpcServer } from '../../src/ingest/otlp/grpc-server.ts'
import { otlpHttpRoute } from '../../src/ingest/otlp/http-route.ts'
import { type OtlpSource, otlpReceiver } from '../../src/ingest/otlp/receiver.ts'
import { openToAll } from '../../src/ingest/push-auth.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SampleSink } from '../../src/ports/sample-sink.ts'
import { startServer } from '../../src/web/server.ts'
import { recordingLog, recordingMeter } from './delivery-recorders.ts'
import type { SdkTransport } from './ingest-otlp-sdk.ts'

/** What `otlp: {}` in the config says. */
export const plainOtlp: OtlpConfig = { auth: openToAll, resourceAttributes: [], translation: 'underscore' }

/** One source that lets everybody in. */
export const plainSource: OtlpSource = { name: 'otel', region: undefined, settings: plainOtlp }

/** Real servers for both ways of OTLP, on ports of the system's choice. */
export async function openOtlpServers(sink: SampleSink, clock: Clock, sources: readonly OtlpSource[] = [plainSource]) {
  const meter = recordingMeter()
  const log = recordingLog()
  const receiver = otlpReceiver({ sources, sink, clock, meter, log })
  const route = otlpHttpRoute(() => receiver, meter)
  const http = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes: [route], log })
  const grpc = await startGrpcServer({ host: '127.0.0.1', port: 0 }, () => receiver)
  const httpUrl = `${http.url}/v1/metrics`
  const grpcUrl = `http://127.0.0.1:${grpc.port}`
  return {
    receiver,
    meter,
    log,
    httpUrl,
    grpcPort: grpc.port,
    urlOf: (transport: SdkTransport): string => (transport === 'grpc' ? grpcUrl : httpUrl),
    close: async (): Promise<void> => {
      await Promise.all([http.close(), grpc.close()])
    },
  }
}
