import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'

/** A receiver on a real socket that keeps what it is sent. */
export interface WebhookRecorder {
  readonly url: string
  /** The statuses received, in order. */
  received(): readonly string[]
  count(status: 'firing' | 'resolved'): number
  close(): Promise<void>
}

export async function openWebhookRecorder(): Promise<WebhookRecorder> {
  const statuses: string[] = []
  const server = await openLoopbackServer((request, response) => {
    void take(request).finally(() => response.end())
  })
  async function take(request: IncomingMessage): Promise<void> {
    const message: { status: string } = JSON.parse(await text(request))
    statuses.push(message.status)
  }
  return {
    url: `${server.url}/hook`,
    received: () => statuses,
    count: (status) => statuses.filter((each) => each === status).length,
    close: () => server.close(),
  }
}
