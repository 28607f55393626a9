import assert from 'node:assert/strict'
import { secret } from '../../src/core/model/secret.ts'
import { type ScrapeConfig, type ScrapeDocument, scrapeConfig } from '../../src/ingest/scrape/config.ts'
import type { DiscoveryWorld } from '../../src/ingest/scrape/discovery.ts'

/** Settings as a config gives them; what is wrong with it fails the test. */
export function scrapeSettings(servers: readonly { readonly url: string }[], more: ScrapeDocument = {}): ScrapeConfig {
  const targets = servers.map(({ url }) => url)
  const document = targets.length === 0 ? { targets: [], ...more } : { targets, ...more }
  return scrapeConfig(document, {
    secret: (source) => secret(typeof source === 'string' ? source : 'from elsewhere'),
    report: (path, message) => assert.fail(`${path}: ${message}`),
  })
}

/** Where nothing is looked for. */
export const noDiscovery: DiscoveryWorld = {
  resolver: {
    resolve4: () => Promise.reject(new Error('nobody asks')),
    resolve6: () => Promise.reject(new Error('nobody asks')),
    resolveSrv: () => Promise.reject(new Error('nobody asks')),
  },
  parseTargets: () => ({ problem: 'nobody asks' }),
}
