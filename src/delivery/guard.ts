import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { bareHost } from './bare-host.ts'
import { isInternalAddress, isLinkLocalAddress } from './internal-address.ts'
import type { ProxyRules } from './proxy.ts'

/** The code of the error with which a connection to a forbidden address fails. */
export const forbiddenAddressCode = 'FORBIDDEN_ADDRESS'

/** Resolves a name to all of its addresses; tests put their own in its place. */
export type ResolveName = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** Decides at connect time which addresses messages may go to. */
export interface TargetGuard {
  /** Resolves a name to those of its addresses that may be connected to; fails when one of them must not be. */
  readonly lookup: LookupFunction
  /** Why a target must not be connected to, before its name is resolved; undefined when it may be tried. */
  readonly refusalOf: (host: string) => string | undefined
  /** Why an open connection must not be used: the last word, whoever resolved the name. undefined when it may be. */
  readonly refusalOfConnection: (host: string, address: string | undefined) => string | undefined
  /** The proxy that messages over HTTP go through; absent where there is none. */
  readonly proxy?: ProxyRules
}

/**
 * Guards against being sent to machines that only this one can reach. An address that stands in the config itself, as
 * `127.0.0.1`, `10.1.2.3` or `localhost`, is meant: whoever writes the config may name it. A name may not lead to an internal
 * address, whatever DNS says at that moment, unless `allowInternal` lists the name, the address or its network. Link-local
 * addresses have to be listed even when they are written out.
 */
export function targetGuard(
  allowInternal: readonly string[],
  resolve: ResolveName = systemLookup,
  proxy?: ProxyRules,
): TargetGuard {
  const allowed = allowListOf(allowInternal)

  function isForbidden(host: string, address: string): boolean {
    const { names, networks } = allowed
    if (names.has(host) || isListed(networks, address)) return false
    if (isLinkLocalAddress(address)) return true
    return isInternalAddress(address) && isIP(host) === 0 && host !== 'localhost'
  }

  function refusalOf(asWritten: string): string | undefined {
    const host = bareHost(asWritten)
    return isIP(host) !== 0 && isForbidden(host, host) ? forbidden(host) : undefined
  }

  return {
    ...(proxy === undefined ? {} : { proxy }),
    refusalOf,
    refusalOfConnection(asWritten, address) {
      const host = bareHost(asWritten)
      return address === undefined || isForbidden(host, bareHost(address)) ? forbidden(host) : undefined
    },
    lookup: (name, options, done) => {
      const host = bareHost(name)
      resolve(name, { ...options, all: true }, (error, addresses) => {
        if (error !== null) done(error, [])
        // One bad address among good ones is how a name is rebound.
        else if (addresses.some(({ address }) => isForbidden(host, address))) done(forbiddenError(host), [])
        else if (options.all === true) done(null, addresses)
        else done(null, addresses[0]?.address ?? '', addresses[0]?.family)
      })
    },
  }
}

/** A guard's error, so that whoever sends can tell it from trouble with the network. */
export function forbiddenError(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(forbidden(bareHost(host))), { code: forbiddenAddressCode })
}

interface AllowList {
  readonly names: ReadonlySet<string>
  readonly networks: BlockList
}

function allowListOf(entries: readonly string[]): AllowList {
  const names = new Set<string>()
  const networks = new BlockList()
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/')
    const family = isIP(address)
    if (family === 0) names.add(bareHost(entry))
    else networks.addSubnet(address, Number(prefix ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6')
  }
  return { names, networks }
}

function isListed(networks: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && networks.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function forbidden(host: string): string {
  return `${host} leads to an internal address that delivery.allowInternal does not list`
}
