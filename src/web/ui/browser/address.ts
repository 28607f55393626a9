/** What the address bar says: the page and what it shows, so that a link shows the same to somebody else. */
export type Address = URLSearchParams

/** What is shown, as the address says. */
export function currentAddress(): Address {
  return new URLSearchParams(location.search)
}

/** A link to a page with these parts; empty ones are left out. */
export function linkTo(page: string, parts: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams(page === '' ? {} : { page })
  for (const [name, value] of Object.entries(parts)) if (value !== undefined && value !== '') query.set(name, value)
  const text = query.toString()
  return text === '' ? './' : `?${text}`
}

/** Changes parts of the address in place: going back leaves the page, not the filter. */
export function amendAddress(parts: Readonly<Record<string, string | undefined>>): void {
  const address = currentAddress()
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined || value === '') address.delete(name)
    else address.set(name, value)
  }
  const text = address.toString()
  history.replaceState(null, '', text === '' ? location.pathname : `?${text}`)
}
