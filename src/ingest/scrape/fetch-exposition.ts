import { scrapeBodyBytesMax } from '../../core/model/limits.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { type ExpositionFormat, isComplete } from '../wire/exposition.ts'

/** What a target answered. */
export type FetchedExposition =
  | { readonly kind: 'fetched'; readonly bytes: Uint8Array; readonly format: ExpositionFormat }
  | { readonly kind: 'failed'; readonly reason: string; readonly limit?: 'scrapeBodyBytesMax' }

/**
 * Reads one metrics page, whole or not at all: a page cut short would make its other series look new when they are back.
 * Never throws; when `signal` aborts, the reason is the signal's.
 */
export async function fetchExposition(
  url: string,
  timeoutMs: DurationMs,
  signal: AbortSignal,
): Promise<FetchedExposition> {
  try {
    const headers = { ...requestHeaders, 'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000) }
    const response = await fetch(url, { headers, signal })
    const format = formatOf(response)
    if (response.status !== 200 || format === undefined) {
      await response.body?.cancel()
      return failed(response.status === 200 ? wrongTypeText(response) : `answered HTTP ${response.status}`)
    }
    const bytes = await readBody(response)
    if (bytes === undefined) {
      return { kind: 'failed', reason: `answered more than ${scrapeBodyBytesMax} bytes`, limit: 'scrapeBodyBytesMax' }
    }
    if (!isComplete(bytes, format)) return failed('the page does not end with # EOF: it is cut off')
    return { kind: 'fetched', bytes, format }
  } catch (error) {
    return failed(signal.aborted ? errorText(signal.reason) : errorText(error))
  }
}

const requestHeaders = {
  accept: 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'user-agent': 'sloburn',
}

/** Pages of no known type are taken for text, which most old exporters mean. */
function formatOf(response: Response): ExpositionFormat | undefined {
  const type = contentType(response)
  if (type === 'application/openmetrics-text') return 'openmetrics'
  return refusedTypes.has(type) ? undefined : 'text'
}

/** What a login page, an API or a protobuf exporter answers. */
const refusedTypes: ReadonlySet<string> = new Set([
  'text/html',
  'application/json',
  'application/vnd.google.protobuf',
  'application/protobuf',
])

function contentType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0].trim().toLowerCase()
}

function wrongTypeText(response: Response): string {
  return `answered ${contentType(response)}, which is no metrics page: is the path right?`
}

/** The body after decompression; undefined when it is too long, of which no more than that is read. */
async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > scrapeBodyBytesMax) return undefined
    pieces.push(piece)
  }
  if (pieces.length === 1) return pieces[0]
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

function failed(reason: string): FetchedExposition {
  return { kind: 'failed', reason }
}

/** `fetch failed` says nothing; what it was is in the cause. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message
}
