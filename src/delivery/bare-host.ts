/** A host without what is written around it: the brackets of IPv6, the dot of the root, a zone. */
export function bareHost(host: string): string {
  return host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
}
