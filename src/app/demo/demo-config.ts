import type { DemoWorld } from './demo-world.ts'

/** The demo's engine config, as a user would write it. */
export function demoConfig(
  { shops, inbox }: DemoWorld,
  paths: { readonly rules: string; readonly store: string },
): string {
  const sources = shops.map(({ region, metricsUrl }) => ({
    name: `shop-${region}`,
    region,
    scrape: { targets: [metricsUrl], interval: '5s' },
  }))
  // JSON is YAML, and needs no care about what stands in a path.
  return JSON.stringify(
    {
      rules: [paths.rules],
      listen: { http: '127.0.0.1:9712' },
      evaluation: { interval: '5s', delay: '5s' },
      sources,
      receivers: [{ name: 'inbox', webhook: { url: inbox.url } }],
      routes: [{ receivers: ['inbox'] }],
      store: { sqlite: { path: paths.store } },
      log: { format: 'text' },
    },
    undefined,
    2,
  )
}
