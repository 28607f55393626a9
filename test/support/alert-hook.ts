import type { TestContext } from 'node:test'
import { answerWith, httpFarSide, type Reaction } from './delivery-http-server.ts'

/** One request that a hook was sent, whatever it answered. */
export interface HookRequest {
  readonly at: number
  /** Behind the address of the hook: senders of one receiver can be told apart by it. */
  readonly path: string
  readonly status: 'firing' | 'resolved'
  readonly slo: string
  readonly groupKey: string
  /** What identifies the message; undefined where the sender gives nothing. */
  readonly id: string | undefined
  readonly severities: readonly string[]
  /** Answered with success. */
  taken: boolean
}

interface Payload {
  readonly status: 'firing' | 'resolved'
  readonly groupKey: string
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[]
}

/** What a hook does with its n-th request, from 0. */
export type HookScript = (index: number) => Reaction

const takes = answerWith(200)

/** A webhook receiver on a real socket that remembers what came, when, and whether it took it. */
export async function alertHook(t: TestContext, name: string, script: HookScript = () => takes) {
  const requests: HookRequest[] = []
  const far = await httpFarSide(t, (request, response) => {
    const { status, groupKey, alerts }: Payload = JSON.parse(request.body)
    const key = request.headers['idempotency-key']
    const one: HookRequest = {
      at: Date.now(),
      path: request.path,
      status,
      slo: alerts[0]?.labels['slo'] ?? '',
      groupKey,
      id: typeof key === 'string' ? key : undefined,
      severities: [...new Set(alerts.map(({ labels }) => labels['severity'] ?? ''))],
      taken: false,
    }
    response.on('finish', () => {
      one.taken = response.statusCode < 300
    })
    script(requests.length)(request, response)
    requests.push(one)
  })
  /** Resolves once something holds that only requests can bring about. */
  async function until(holds: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!holds()) {
      if (Date.now() > deadline)
        throw new Error(`${name}: not within ${timeoutMs} ms, after ${requests.length} requests: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  return {
    name,
    url: far.url,
    requests,
    /** Resolves once so many requests have come. */
    sees: (count: number, what: string, timeoutMs?: number) => until(() => requests.length >= count, what, timeoutMs),
    until,
    /** What a receiver acts on that takes each identified message once. */
    effective(): readonly HookRequest[] {
      const seen = new Set<string>()
      return requests.filter(({ taken, id }) => {
        if (!taken || (id !== undefined && seen.has(id))) return false
        if (id !== undefined) seen.add(id)
        return true
      })
    },
    count: (status: 'firing' | 'resolved') => requests.filter((one) => one.status === status).length,
  }
}

export type AlertHook = Awaited<ReturnType<typeof alertHook>>
