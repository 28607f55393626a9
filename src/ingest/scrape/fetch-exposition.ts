import { scrapeRedirectsMax } from '../../core/model/limits.ts'
import type { DurationMs } from '../../core/model/units.ts'
import type { HttpAnswer, HttpClient } from '../http-exchange.ts'
import { type ExpositionFormat, isComplete } from '../wire/exposition.ts'
import type { ScrapeConfig } from './config.ts'

/** What a page can be written in. */
export type PageFormat = ExpositionFormat | 'protobuf'

/** What a target answered. */
export type FetchedExposition =
  /** The bytes are void after `release`. */
  | {
      readonly kind: 'fetched'
      readonly bytes: Uint8Array
      readonly format: PageFormat
      readonly release: () => void
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly limit?: 'scrapeBodyBytesMax' | 'bodyBytesMax' }

/** How one page is asked for. */
export interface PageRequest {
  readonly client: HttpClient
  readonly url: string
  readonly timeoutMs: DurationMs
  readonly settings: Pick<ScrapeConfig, 'bodyBytesMax' | 'followRedirects'>
  readonly protobuf: boolean
  readonly signal: AbortSignal
}

/**
 * Reads one metrics page, whole or not at all: a page cut short would make its other series look new when they are back.
 * Never throws; when the signal aborts, the reason is the signal's.
 */
export async function fetchExposition(request: PageRequest): Promise<FetchedExposition> {
  const { client, url, timeoutMs, settings, protobuf, signal } = request
  try {
    const answer = await client.exchange({
      url,
      headers: {
        accept: protobuf ? protobufFirst : textOnly,
        'user-agent': 'sloburn',
        'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
      },
      bodyBytesMax: settings.bodyBytesMax,
      redirectsMax: settings.followRedirects ? scrapeRedirectsMax : 0,
      signal,
    })
    const read = readAnswer(answer, settings.bodyBytesMax)
    if (read.kind === 'failed') answer.release()
    return read
  } catch (error) {
    return failed(errorText(error))
  }
}

const textOnly = 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
const protobufFirst = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,${textOnly}`

function readAnswer(answer: HttpAnswer, bytesMax: number): FetchedExposition {
  const { status, body, release } = answer
  if (status !== 200) return failed(`answered HTTP ${status}`)
  if (body === undefined) {
    return { kind: 'failed', reason: `answered more than ${bytesMax} bytes`, limit: 'scrapeBodyBytesMax' }
  }
  const format = formatOf(answer)
  if (format === undefined)
    return failed(`answered ${answer.contentType}, which is no metrics page: is the path right?`)
  if (format !== 'protobuf' && !isComplete(body, format)) {
    return failed('the page does not end with # EOF: it is cut off')
  }
  return { kind: 'fetched', bytes: body, format, release }
}

/** Pages of no known type are taken for text, which most old exporters mean. */
function formatOf({ contentType, contentTypeFull }: HttpAnswer): PageFormat | undefined {
  if (contentType === 'application/openmetrics-text') return 'openmetrics'
  if (contentType === 'application/vnd.google.protobuf') {
    return /encoding="?delimited/i.test(contentTypeFull) ? 'protobuf' : undefined
  }
  return refusedTypes.has(contentType) ? undefined : 'text'
}

/** What a login page or an API answers. */
const refusedTypes: ReadonlySet<string> = new Set(['text/html', 'application/json', 'application/protobuf'])

function failed(reason: string): FetchedExposition {
  return { kind: 'failed', reason }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Of several addresses that were tried, each has its own reason.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message || String(first) : String(first)
}
