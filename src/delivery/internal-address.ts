import { BlockList, isIP } from 'node:net'

/** Everything that is not out on the internet: IANA's special-purpose registries, RFC 6890 and its successors. */
const internal = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  internal.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  // Unspecified, loopback and IPv4-compatible addresses; IPv4-mapped ones are judged by the IPv4 address in them.
  ['::', 96],
  // These carry an IPv4 address that a gateway unpacks: NAT64, Teredo, 6to4.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  internal.addSubnet(network, prefix, 'ipv6')

/** Where clouds hand out credentials to whoever asks: nobody sends alerts there. */
const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4')
linkLocal.addSubnet('fe80::', 10, 'ipv6')
linkLocal.addAddress('fd00:ec2::254', 'ipv6')
linkLocal.addAddress('100.100.100.200', 'ipv4')

/** Whether an IP address is on this machine, in a private network, or special in another way. What is no address counts as one. */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address)
  return family === 0 || internal.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether an IP address is one at which clouds hand out credentials, or is otherwise valid on one link alone. */
export function isLinkLocalAddress(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && linkLocal.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
