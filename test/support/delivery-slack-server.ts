import type { Cleanup } from './cleanup.ts'
import {
  answerWith,
  type HttpFarSide,
  httpFarSide,
  type Reaction,
  type ReceivedRequest,
} from './delivery-http-server.ts'
import { type SharedPicture, slackFiles } from './delivery-slack-files.ts'
import { slackViolations } from './delivery-slack-limits.ts'

export interface SlackMessage {
  readonly channel: string
  readonly ts: string
  readonly threadTs: string | undefined
  /** Shown in the channel as well as in the thread. */
  readonly isBroadcast: boolean
  text: string
  blocks: unknown
  metadata: unknown
}

/** A server that keeps messages as Slack does, and remembers every breach of the protocol's limits. */
export interface SlackFarSide {
  readonly http: HttpFarSide
  readonly messages: readonly SlackMessage[]
  readonly violations: readonly string[]
  /** Pictures that are seen somewhere, in the order in which they were shared. */
  readonly pictures: readonly SharedPicture[]
  /** Method names in the order they were called. */
  readonly calls: readonly string[]
  /** Forgets a message, as if somebody had deleted it. */
  remove(ts: string): void
  /** Works as Slack does; the way it starts. */
  readonly work: Reaction
}

/** The ID that the server gives every channel name. */
export const slackChannelId = 'C0INCIDENTS'

export async function slackFarSide(t: Cleanup, token: string): Promise<SlackFarSide> {
  const messages: SlackMessage[] = []
  const violations: string[] = []
  const calls: string[] = []
  const files = slackFiles((channel, ts) =>
    messages.some((one) => one.channel === channel && one.ts === ts && one.threadTs === undefined),
  )

  function handle(request: ReceivedRequest): Readonly<Record<string, unknown>> {
    const method = request.path.replace('/api/', '')
    const fields = new URLSearchParams(request.body)
    calls.push(method)
    if (request.headers.authorization !== `Bearer ${token}`) return { ok: false, error: 'invalid_auth' }
    if (method.startsWith('files.')) return files.handle(method, fields, http.url)
    const found = slackViolations(method, fields)
    violations.push(...found)
    if (found.length > 0) return { ok: false, error: 'invalid_blocks' }
    if (method === 'conversations.history')
      return { ok: true, messages: shown((message) => message.threadTs === undefined) }
    if (method === 'conversations.replies') {
      const ts = fields.get('ts')
      return { ok: true, messages: shown((message) => message.ts === ts || message.threadTs === ts) }
    }
    return method === 'chat.update' ? update(fields) : post(fields)
  }

  /** The newest first. */
  function shown(isIn: (message: SlackMessage) => boolean): readonly object[] {
    return messages
      .filter(isIn)
      .map(({ ts, text, metadata }) => ({ type: 'message', ts, text, metadata }))
      .toReversed()
  }

  function post(fields: URLSearchParams): Readonly<Record<string, unknown>> {
    const threadTs = fields.get('thread_ts') ?? undefined
    const ts = `17956${messages.length}.000100`
    const isBroadcast = fields.get('reply_broadcast') === 'true'
    messages.push({ channel: slackChannelId, ts, threadTs, isBroadcast, ...contentOf(fields) })
    return { ok: true, channel: slackChannelId, ts }
  }

  function update(fields: URLSearchParams): Readonly<Record<string, unknown>> {
    const ts = fields.get('ts')
    if (fields.get('channel') !== slackChannelId) return { ok: false, error: 'channel_not_found' }
    const message = messages.find((known) => known.ts === ts)
    if (message === undefined) return { ok: false, error: 'message_not_found' }
    Object.assign(message, contentOf(fields))
    return { ok: true, channel: slackChannelId, ts }
  }

  const work: Reaction = (request, response) => {
    if (files.isUpload(request)) {
      calls.push('upload')
      answerWith(files.upload(request), {}, 'OK')(request, response)
      return
    }
    answerWith(200, { 'content-type': 'application/json' }, JSON.stringify(handle(request)))(request, response)
  }
  const http = await httpFarSide(t, work)
  return {
    http,
    messages,
    violations,
    pictures: files.shared,
    calls,
    work,
    remove: (ts) =>
      void messages.splice(
        messages.findIndex((message) => message.ts === ts),
        1,
      ),
  }
}

function contentOf(fields: URLSearchParams): Pick<SlackMessage, 'text' | 'blocks' | 'metadata'> {
  return {
    text: fields.get('text') ?? '',
    blocks: parsed(fields.get('blocks')),
    metadata: parsed(fields.get('metadata')),
  }
}

function parsed(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json)
}
