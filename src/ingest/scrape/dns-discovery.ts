import { labelsOf } from '../../core/model/labels.ts'
import type { ScrapeConfig } from './config.ts'
import type { Found } from './discovery.ts'
import type { DnsConfig } from './dns-config.ts'
import { readTarget, type ScrapeTarget } from './target.ts'

/** What of DNS is asked; `node:dns/promises` has it. */
export interface DnsResolver {
  resolve4(name: string): Promise<readonly string[]>
  resolve6(name: string): Promise<readonly string[]>
  resolveSrv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>
}

/** Looks up every name of a source, all at once. */
export async function lookUp(
  { dns, page }: Pick<ScrapeConfig, 'dns' | 'page'>,
  resolver: DnsResolver,
): Promise<readonly Found[]> {
  const asked = dns.flatMap((entry) => entry.names.map((name) => ({ entry, name })))
  return Promise.all(
    asked.map(async ({ entry, name }): Promise<Found> => {
      const place = `${entry.type} ${name}`
      try {
        const addresses = await addressesOf(entry, name, resolver)
        // The same name may answer in another order each time, which is no change.
        return { place, kind: 'dns', result: { targets: addresses.toSorted().flatMap(targetAt) } }
      } catch (error) {
        return { place, kind: 'dns', result: { problem: codeOf(error) } }
      }
    }),
  )

  function targetAt(address: string): ScrapeTarget[] {
    const target = readTarget(address, { ...page, labels: labelsOf(page.labels) })
    return 'problem' in target ? [] : [target]
  }
}

async function addressesOf(entry: DnsConfig, name: string, resolver: DnsResolver): Promise<readonly string[]> {
  if (entry.type === 'SRV') {
    const records = await resolver.resolveSrv(name)
    return records.map(({ name: host, port }) => `${host.replace(/\.$/, '')}:${port}`)
  }
  if (entry.type === 'A') return (await resolver.resolve4(name)).map((address) => `${address}:${entry.port}`)
  return (await resolver.resolve6(name)).map((address) => `[${address}]:${entry.port}`)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}
