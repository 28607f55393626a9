import type { Cleanup } from './cleanup.ts'
import { secondsPolicy } from './seconds-policy.ts'
import { newFolder, type StartedExporter, startExporter } from './started-peers.ts'
import { openWebhookRecorder } from './webhook-recorder.ts'

/** What an engine is started on that scrapes one shop each second and pages a webhook. */
export interface ScrapedShop {
  readonly folder: string
  readonly config: string
  readonly exporter: StartedExporter
  readonly hook: Awaited<ReturnType<typeof openWebhookRecorder>>
}

/** Opens the shop, and the webhook of whoever is on call; the region is `eu-west-1`. */
export async function scrapedShop(cleanup: Cleanup): Promise<ScrapedShop> {
  const folder = await newFolder(cleanup)
  const exporter = await startExporter(cleanup)
  const hook = await openWebhookRecorder()
  cleanup.after(() => hook.close())
  const config = `rules: [rules.yaml]
listen: { http: 127.0.0.1:0 }
evaluation: { interval: 1s, delay: 1s }
checkpoint: { interval: 1s }
sources:
  - { name: shop, region: eu-west-1, scrape: { targets: ['http://${exporter.target}/metrics'], interval: 1s } }
receivers:
  - { name: oncall, webhook: { url: '${hook.url}' } }
routes:
  - { receivers: [oncall] }
incidents: { resolveAfter: 1s }
store: { sqlite: { path: sloburn.db } }
`
  return { folder, config, exporter, hook }
}

/** The rules of the shop: it pages within seconds of requests that fail. */
export function shopRules({ long, regions = '{}' }: { readonly long: string; readonly regions?: string }): string {
  return `${secondsPolicy(long)}---
apiVersion: sloburn/v1
kind: SLO
metadata: { name: shop }
spec:
  service: shop
  objective: 99.9
  window: 10m
  regions: ${regions}
  indicator:
    ratio:
      bad: http_requests_total{code="500"}
      total: http_requests_total
  alerting: { policy: seconds }
`
}
