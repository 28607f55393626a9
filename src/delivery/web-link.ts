/** The address when it may become a link, null when it is none or would run something (`javascript:`). */
export function webLink(url: string | null): string | null {
  if (url === null || url.length > linkLengthMax || !URL.canParse(url)) return null
  const parsed = new URL(url)
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null
}

/** Slack refuses a button with a longer one. */
const linkLengthMax = 2_000
