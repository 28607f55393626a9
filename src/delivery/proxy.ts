import { BlockList, isIP } from 'node:net'
import type { Secret } from '../core/model/secret.ts'
import { bareHost } from './bare-host.ts'
import type { ProxySettings } from './config.ts'

/** The proxy that messages over HTTP go through, and what does not. */
export interface ProxyRules {
  /** Secret as a whole: it may hold a password. */
  readonly url: Secret
  /** Whether a target is reached through it. */
  readonly isFor: (target: URL) => boolean
}

/**
 * Rules of a proxy. `noProxy` is written as the environment variable NO_PROXY is: names, which stand for what is below them as well,
 * addresses, networks, each perhaps with a port, between commas; `*` is everything. This machine itself is never reached through it.
 */
export function proxyRules({ url, noProxy }: ProxySettings): ProxyRules {
  const exceptions = noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .map(exceptionOf)
  return { url, isFor: (target) => !isThisMachine(target) && !exceptions.some((isExcepted) => isExcepted(target)) }
}

type Exception = (target: URL) => boolean

function exceptionOf(entry: string): Exception {
  if (entry === '*') return () => true
  if (entry.includes('/')) return networkException(entry)
  const [, written = '', port = ''] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? []
  const name = written.replace(/^\*?\./, '').replace(/^\[|\]$/g, '')
  return (target) => {
    const host = bareHost(target.hostname)
    const isName = host === name || (isIP(name) === 0 && host.endsWith(`.${name}`))
    return name !== '' && isName && (port === '' || port === portOf(target))
  }
}

function networkException(entry: string): Exception {
  const [address = '', prefix = ''] = entry.split('/')
  const family = isIP(address)
  const bits = family === 4 ? 32 : 128
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return () => false
  const network = new BlockList()
  network.addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  return (target) => {
    const host = bareHost(target.hostname)
    return isIP(host) !== 0 && network.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6')
  }
}

function isThisMachine(target: URL): boolean {
  const host = bareHost(target.hostname)
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function portOf({ port, protocol }: URL): string {
  if (port !== '') return port
  return protocol === 'https:' ? '443' : '80'
}
