import type { HttpRoute } from '../../ports/http-route.ts'

/** The page that Prometheus scrapes. */
export interface MetricsPage {
  readonly contentType: string
  readonly text: string
}

/** `GET /metrics`: the engine's own metrics and every SLO's state. */
export function metricsRoute(metrics: () => Promise<MetricsPage>): HttpRoute {
  return {
    method: 'GET',
    path: '/metrics',
    handle: async () => {
      const { contentType, text } = await metrics()
      return { status: 200, headers: { 'content-type': contentType }, body: text }
    },
  }
}
