import type { ListenConfig } from '../config/parts/listen.ts'
import { startGrpcServer } from '../ingest/otlp/grpc-server.ts'
import { otlpHttpPath } from '../ingest/otlp/http-route.ts'
import type { HttpRoute } from '../ports/http-route.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { startServer } from '../web/server.ts'
import type { Inputs } from './inputs.ts'

/** The addresses that the config names: one for everything, and further ones for OpenTelemetry's exporters. */
export interface Listeners {
  /** Where the web page is. */
  readonly url: string
  /** Takes nothing further and lets what is under way finish. */
  close(): Promise<void>
}

/** Opens all of them; rejects, with the reason, when one cannot be had, and closes the others. */
export async function startListeners(
  { http, otlpGrpc, otlpHttp }: ListenConfig,
  ownRoutes: readonly HttpRoute[],
  inputs: Pick<Inputs, 'routes' | 'otlp'>,
  { log, meter }: { readonly log: Log; readonly meter: Meter },
): Promise<Listeners> {
  const opened: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((listener) => listener.close()))
  }
  try {
    const main = await startServer({ listen: http, routes: [...ownRoutes, ...inputs.routes], log, meter })
    opened.push(main)
    if (otlpGrpc !== undefined) {
      const server = await startGrpcServer(otlpGrpc, () => inputs.otlp())
      opened.push(server)
      log.info({ address: `${otlpGrpc.host}:${server.port}` }, 'listening for OTLP over gRPC')
    }
    if (otlpHttp !== undefined) {
      const routes = inputs.routes.filter(({ path }) => path === otlpHttpPath)
      const server = await startServer({ listen: otlpHttp, routes, log, meter })
      opened.push(server)
      log.info({ url: `${server.url}${otlpHttpPath}` }, 'listening for OTLP over HTTP')
    }
    log.info({ url: main.url }, 'listening')
    return { url: main.url, close }
  } catch (error) {
    await close()
    throw error
  }
}
