import { type Labels, labelsOf } from '../../core/model/labels.ts'

/** One page to scrape. */
export interface ScrapeTarget {
  readonly url: string
  /** `host:port`, which becomes the label `instance`. */
  readonly instance: string
  /** Labels that all its series get beside `job` and `instance`. */
  readonly labels: Labels
}

/** What a target has that is given as host:port. */
export interface PageDefaults {
  readonly scheme: string
  readonly path: string
  readonly params: readonly (readonly [string, string])[]
  readonly labels: Labels
}

/** Why an address cannot be scraped. */
export interface TargetProblem {
  readonly problem: string
  readonly hint: string
}

/** Reads an address: a whole URL, or host:port. */
export function readTarget(
  address: string,
  { scheme, path, params, labels }: PageDefaults,
): ScrapeTarget | TargetProblem {
  const example = 'use e.g. http://127.0.0.1:9100/metrics'
  const isUrl = address.includes('://')
  const text = isUrl ? address : `${scheme}://${address}`
  if (!URL.canParse(text)) return { problem: 'not a URL', hint: example }
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { problem: `${url.protocol} is not scraped`, hint: example }
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'a user name or password in a URL is not supported', hint: 'use basicAuth or bearerToken' }
  }
  if (!isUrl && (url.pathname !== '/' || url.search !== '')) {
    return { problem: 'a path without a scheme', hint: `write ${scheme}://${address}, or give "path" apart` }
  }
  if (!isUrl) url.pathname = path
  for (const [name, value] of params) url.searchParams.append(name, value)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return { url: url.href, instance: labels.get('instance') ?? `${url.hostname}:${port}`, labels }
}

/** Equal for the same page under the same labels, so that a target that stays is not started anew. */
export function targetKey({ url, instance, labels }: ScrapeTarget): string {
  return JSON.stringify([url, instance, [...labelsOf(labels)]])
}

/** What makes the series of a target its own: two that are equal in it would count as one that starts again and again. */
export function targetIdentity({ instance, labels }: Pick<ScrapeTarget, 'instance' | 'labels'>): string {
  return JSON.stringify([instance, [...labelsOf(labels)]])
}
