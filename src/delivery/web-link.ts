/** The address when it may become a link, null when it is none or would run something (`javascript:`). */
export function webLink(url: string | null): string | null {
  if (url === null || url.length > linkLengthMax) return null
  const known = judged.get(url)
  if (known !== undefined) return known
  if (judged.size >= judgedMax) judged.clear()
  const link = linkOf(url)
  judged.set(url, link)
  return link
}

/** Runbooks and dashboards are few, and each message asks about its own several times. */
const judged = new Map<string, string | null>()
const judgedMax = 1_000

function linkOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, href } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

/** Slack refuses a button with a longer one. */
const linkLengthMax = 2_000
