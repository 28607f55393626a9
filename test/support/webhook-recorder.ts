import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'

/** A receiver on a real socket that keeps what it is sent. */
export interface WebhookRecorder {
  readonly url: string
  /** The statuses received, in order. */
  received(): readonly string[]
  count(status: 'firing' | 'resolved'): number
  /** How many incidents opened, or ended: a receiver tells them by their key, however often it hears of them. */
  incidents(status: 'firing' | 'resolved'): number
  close(): Promise<void>
}

export async function openWebhookRecorder(): Promise<WebhookRecorder> {
  const statuses: string[] = []
  const keys = { firing: new Set<string>(), resolved: new Set<string>() }
  const server = await openLoopbackServer((request, response) => {
    void take(request).finally(() => response.end())
  })
  async function take(request: IncomingMessage): Promise<void> {
    const message: { status: 'firing' | 'resolved'; groupKey: string } = JSON.parse(await text(request))
    statuses.push(message.status)
    keys[message.status].add(message.groupKey)
  }
  return {
    url: `${server.url}/hook`,
    received: () => statuses,
    count: (status) => statuses.filter((each) => each === status).length,
    incidents: (status) => keys[status].size,
    close: () => server.close(),
  }
}
