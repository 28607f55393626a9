import type { TestContext } from 'node:test'
import type { HttpRoute } from '../../src/ports/http-route.ts'
import { type Log, silentLog } from '../../src/ports/log.ts'
import { startServer } from '../../src/web/server.ts'
import { type WebOptions, webRoutes } from '../../src/web/web-routes.ts'
import { aView, now } from './status-fixture.ts'

/** Starts a server with these routes on a free port of loopback; it is closed when the test ends. */
export async function serving(t: TestContext, routes: readonly HttpRoute[], log: Log = silentLog): Promise<string> {
  const server = await startServer({ listen: { host: '127.0.0.1', port: 0 }, routes, log })
  t.after(() => server.close())
  return server.url
}

/** The engine's own routes around a view. */
export function engineRoutes(options: Partial<WebOptions> = {}): readonly HttpRoute[] {
  return webRoutes({
    view: aView(),
    clock: { now: () => now },
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: '' }),
    reload: async () => [],
    ...options,
  })
}
