import { isIP } from 'node:net'

/** Why an entry of `allowInternal` is none; undefined when it is a host name, an address or a network. */
export function allowInternalProblem(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (prefix === undefined) return family !== 0 || /^[a-z0-9._-]+$/i.test(entry) ? undefined : 'not a host or address'
  const bits = family === 4 ? 32 : 128
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
  return family !== 0 && isPrefix && rest.length === 0 ? undefined : 'not a network such as 10.0.0.0/8'
}
