import type { IncomingMessage } from 'node:http'
import type { InboxMessage } from '../../ports/inbox.ts'
import { openLoopbackServer } from './loopback-server.ts'

/** A webhook receiver of our own: the demo's stand-in for somebody's phone. */
export interface DemoInbox {
  readonly url: string
  /** Newest first. */
  messages(): readonly InboxMessage[]
  close(): Promise<void>
}

const messagesKept = 50
/** Keys of messages by which one that is sent again is known. */
const keysKept = 1_000
const bodyBytesMax = 1024 * 1024

/** Listens on loopback for Alertmanager webhooks and keeps the last of them; each is also handed to `onMessage`. */
export async function openInbox(now: () => number, onMessage: (message: InboxMessage) => void): Promise<DemoInbox> {
  const kept: InboxMessage[] = []
  const seen = new Set<string>()
  const server = await openLoopbackServer((request, response) => {
    void take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  async function take(request: IncomingMessage): Promise<number> {
    const body = await read(request)
    const message = body === undefined ? undefined : messageOf(body, now())
    if (message === undefined) return 400
    const key = String(request.headers['idempotency-key'] ?? '')
    if (seen.has(key)) return 200
    seen.add(key)
    if (seen.size > keysKept) seen.delete([...seen][0])
    kept.unshift(message)
    if (kept.length > messagesKept) kept.pop()
    onMessage(message)
    return 200
  }
  return { url: `${server.url}/hook`, messages: () => kept, close: () => server.close() }
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) return undefined
    length += chunk.length
    if (length > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

interface WebhookBody {
  readonly status: 'firing' | 'resolved'
  readonly commonLabels: { readonly severity: 'page' | 'ticket' }
  readonly commonAnnotations: { readonly summary: string; readonly description: string }
}

function messageOf(body: string, at: number): InboxMessage | undefined {
  try {
    const { status, commonLabels, commonAnnotations }: WebhookBody = JSON.parse(body)
    return {
      at,
      status,
      severity: commonLabels.severity,
      title: commonAnnotations.summary,
      text: commonAnnotations.description,
    }
  } catch {
    return undefined
  }
}
