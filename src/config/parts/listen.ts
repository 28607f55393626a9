import { notSupportedYet, shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'

/** Draft-07 schema of `listen:`. */
export const listenSchema = {
  type: 'object',
  properties: {
    http: { type: 'string', description: 'host:port, or :port for all interfaces' },
    otlpGrpc: { [notSupportedYet]: 'leave it out; Prometheus remote write and scraping work today' },
  },
  additionalProperties: false,
} as const

interface ListenDocument {
  readonly http?: string
}

export interface ListenConfig {
  readonly http: Address
}

/** An address to listen on; port 0 is any free one. */
export interface Address {
  readonly host: string
  readonly port: number
}

const hasListenShape = shapeCheck<ListenDocument>(listenSchema)
/** Only this machine, because the API has no authentication of its own. */
const httpByDefault: Address = { host: '127.0.0.1', port: 9712 }

export function readListen(value: unknown, { problems }: Reading): ListenConfig {
  if (value === undefined || !hasListenShape(value, '/listen', problems) || value.http === undefined) {
    return { http: httpByDefault }
  }
  const http = parseAddress(value.http)
  if (http !== undefined) return { http }
  const message = 'listen.http is not an address to listen on'
  const hint = 'for example 127.0.0.1:9712, or :9712 for all interfaces'
  problems.report({ code: 'CONFIG_ADDRESS', pointer: '/listen/http', message, hint })
  return { http: httpByDefault }
}

/** Reads `host:port`, `[v6]:port` or `:port`; undefined when it is none of them. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const [, v6, name, digits] = match
  const port = Number(digits)
  if (port > 65_535) return undefined
  const host = v6 ?? name ?? ''
  return { host: host === '' ? '0.0.0.0' : host, port }
}
