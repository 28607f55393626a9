import { isIP } from 'node:net'
import type { Secret } from '../core/model/secret.ts'

/** Why an entry of `allowInternal` is none; undefined when it is a host name, an address or a network. */
export function allowInternalProblem(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (prefix === undefined) return family !== 0 || /^[a-z0-9._-]+$/i.test(entry) ? undefined : 'not a host or address'
  const bits = family === 4 ? 32 : 128
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
  return family !== 0 && isPrefix && rest.length === 0 ? undefined : 'not a network such as 10.0.0.0/8'
}

/** The way out for messages over HTTP, as the config gives it. */
export interface ProxySettings {
  /** Secret as a whole: it may hold a password. */
  readonly url: Secret
  /** What is reached without it, as NO_PROXY is written. */
  readonly noProxy: string
}

/** Why an address is none of a proxy; undefined when it is one. */
export function proxyUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'not a URL'
  const { protocol, hostname } = new URL(text)
  return /^https?:$/.test(protocol) && hostname !== '' ? undefined : 'not an http or https URL'
}
