import { Ajv } from 'ajv'
import type { Cleanup } from './cleanup.ts'
import { answerWith, type HttpFarSide, httpFarSide, type Reaction } from './delivery-http-server.ts'

/** The Events API v2 as PagerDuty publishes it, with its limits. https://developer.pagerduty.com/docs/events-api-v2 */
const event = {
  type: 'object',
  properties: {
    routing_key: { type: 'string', minLength: 1 },
    event_action: { enum: ['trigger', 'acknowledge', 'resolve'] },
    dedup_key: { type: 'string', minLength: 1, maxLength: 255 },
    client: { type: 'string' },
    client_url: { type: 'string' },
    links: {
      type: 'array',
      items: {
        type: 'object',
        properties: { href: { type: 'string', pattern: '^https?://' }, text: { type: 'string' } },
        required: ['href'],
        additionalProperties: false,
      },
    },
    payload: {
      type: 'object',
      properties: {
        summary: { type: 'string', minLength: 1, maxLength: 1024 },
        source: { type: 'string', minLength: 1 },
        severity: { enum: ['critical', 'error', 'warning', 'info'] },
        timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
        component: { type: 'string' },
        group: { type: 'string' },
        class: { type: 'string' },
        custom_details: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['summary', 'source', 'severity'],
      additionalProperties: false,
    },
  },
  required: ['routing_key', 'event_action', 'dedup_key'],
  if: { properties: { event_action: { const: 'trigger' } } },
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's word.
  then: { required: ['payload'] },
  additionalProperties: false,
}

/** One event that came. */
export interface PagerdutyReceived {
  readonly action: string
  readonly key: string
  readonly body: unknown
}

/** A server that de-duplicates as PagerDuty does: a trigger of an open key adds to it, any other opens an incident. */
export interface PagerdutyFarSide {
  readonly http: HttpFarSide
  readonly events: readonly PagerdutyReceived[]
  /** Keys in the order in which incidents opened. */
  readonly opened: readonly string[]
  readonly open: ReadonlySet<string>
  readonly violations: readonly string[]
  /** Works as PagerDuty does; the way it starts. */
  readonly work: Reaction
}

export async function pagerdutyFarSide(t: Cleanup, routingKey: string): Promise<PagerdutyFarSide> {
  const ajv = new Ajv({ allErrors: true, strict: false })
  const isEvent = ajv.compile<{ routing_key: string; event_action: string; dedup_key: string }>(event)
  const events: PagerdutyReceived[] = []
  const opened: string[] = []
  const open = new Set<string>()
  const violations: string[] = []

  const work: Reaction = (request, response) => {
    const body: unknown = JSON.parse(request.body)
    if (Buffer.byteLength(request.body) > 512_000) violations.push(`an event of ${request.body.length} characters`)
    if (!request.body.isWellFormed()) violations.push('half a character')
    if (!isEvent(body)) {
      violations.push(ajv.errorsText(isEvent.errors))
      return answerWith(400, {}, '{"status":"invalid event"}')(request, response)
    }
    const { event_action: action, dedup_key: key } = body
    if (body.routing_key !== routingKey) return answerWith(400, {}, '{"status":"invalid key"}')(request, response)
    events.push({ action, key, body })
    if (action === 'resolve') open.delete(key)
    if (action === 'trigger' && !open.has(key)) {
      open.add(key)
      opened.push(key)
    }
    answerWith(
      202,
      {},
      JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: key }),
    )(request, response)
  }
  const http = await httpFarSide(t, work)
  return { http, events, opened, open, violations, work }
}
