import type { ConfigReading } from '../../core/model/config-reading.ts'

/** Draft-07 schema of what stands under `dns:` in a scrape. */
export const dnsSchema = {
  description: 'Targets found in DNS: each address that a name has.',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      names: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, uniqueItems: true },
      type: { enum: ['SRV', 'A', 'AAAA'], description: 'SRV unless given.' },
      port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Of A and AAAA, which name none.' },
    },
    required: ['names'],
    additionalProperties: false,
  },
  minItems: 1,
} as const

/** One entry of `dns:`, as checked by the schema. */
export interface DnsDocument {
  readonly names: readonly string[]
  readonly type?: 'SRV' | 'A' | 'AAAA'
  readonly port?: number
}

/** Names to look up. */
export type DnsConfig =
  | { readonly type: 'SRV'; readonly names: readonly string[] }
  | { readonly type: 'A' | 'AAAA'; readonly names: readonly string[]; readonly port: number }

/** Fills in the type, and reports a port that is missing or one too many. */
export function dnsConfig({ names, type = 'SRV', port }: DnsDocument, path: string, reading: ConfigReading): DnsConfig {
  if (type === 'SRV') {
    if (port !== undefined) reading.report(`${path}/port`, 'an SRV record names the port itself', 'leave it out')
    return { type, names }
  }
  if (port === undefined) reading.report(path, `an ${type} record names no port`, 'port: 9100')
  return { type, names, port: port ?? 0 }
}
