import { matchersMax } from '../../core/model/limits.ts'
import { parseMatcher } from '../../core/model/parse-matcher.ts'
import type { Matcher, MatchOperator } from '../../core/model/selector.ts'
import type { Silence } from '../../core/model/silence.ts'
import { compileMatchers } from '../../core/sli/match-selector.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { IncidentBoard, NewSilence } from '../../ports/incident-board.ts'
import { answered } from './answered.ts'
import { dataAnswer, errorAnswer, unixSeconds } from './json-answer.ts'
import { fieldsOf, optionalDuration, optionalTime, RequestProblem, textField } from './request-fields.ts'

/** `GET`, `POST` and `DELETE /api/v1/silences`: what is not told for a while, who said so and why. */
export function silenceRoutes(board: IncidentBoard, clock: Pick<Clock, 'now'>): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/silences',
      handle: ({ query }) => {
        const all = query.get('all') ?? '0'
        if (all !== '0' && all !== '1') return errorAnswer(400, 'all must be 0 or 1')
        return dataAnswer({ silences: board.silences(all === '1').map((one) => silenceJson(one, clock.now())) })
      },
    },
    {
      method: 'POST',
      path: '/api/v1/silences',
      isWrite: true,
      handle: answered(async ({ body }) => {
        const silence = await board.silence(readSilence(body, clock.now()))
        if (typeof silence === 'string') return errorAnswer(400, silence)
        return dataAnswer(silenceJson(silence, clock.now()), 201)
      }),
    },
    {
      method: 'DELETE',
      path: '/api/v1/silences/:id',
      isWrite: true,
      handle: async ({ params, query }) => {
        const by = (query.get('by') ?? '').trim()
        if (by === '') return errorAnswer(400, 'by is missing: whoever ends a silence says who they are')
        if (await board.endSilence(params['id'] ?? '', by.slice(0, 1_000))) return dataAnswer({ ended: true })
        return errorAnswer(404, `no silence in force has the id ${JSON.stringify(params['id'])}`)
      },
    },
  ]
}

function silenceJson({ matchers, startsAt, endsAt, createdAt, ...rest }: Silence, now: number) {
  const state = endsAt <= now ? 'expired' : startsAt > now ? 'pending' : 'active'
  return {
    ...rest,
    state,
    matchers: matchers.map(({ label, operator, value }) => ({
      name: label,
      value,
      isRegex: operator === '=~' || operator === '!~',
      isEqual: operator === '=' || operator === '=~',
    })),
    startsAt: unixSeconds(startsAt),
    endsAt: unixSeconds(endsAt),
    createdAt: unixSeconds(createdAt),
  }
}

function readSilence(body: Uint8Array, now: number): NewSilence {
  const fields = fieldsOf(body, ['matchers', 'startsAt', 'endsAt', 'duration', 'createdBy', 'comment'])
  const startsAt = optionalTime(fields, 'startsAt')
  const duration = optionalDuration(fields, 'duration')
  const endsAt = optionalTime(fields, 'endsAt') ?? (duration === undefined ? undefined : (startsAt ?? now) + duration)
  if (endsAt === undefined) throw new RequestProblem('endsAt or duration is missing: a silence always ends')
  return {
    matchers: readMatchers(fields.get('matchers')),
    startsAt,
    endsAt,
    createdBy: textField(fields, 'createdBy'),
    comment: textField(fields, 'comment'),
  }
}

/** Matchers as Alertmanager's API gives them, or in its notation as text. */
function readMatchers(value: unknown): readonly Matcher[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > matchersMax) {
    throw new RequestProblem(`matchers must be a list of 1 to ${matchersMax}`)
  }
  const matchers = value.map((one: unknown) => readMatcher(one))
  const compiled = compileMatchers(matchers)
  if (compiled.kind === 'failed') throw new RequestProblem(`matchers: ${compiled.reason}`)
  if (compiled.matches(new Map())) throw new RequestProblem('matchers: one of them must not match the empty text')
  return matchers
}

function readMatcher(value: unknown): Matcher {
  const matcher = typeof value === 'string' ? parseMatcher(value) : matcherOf(value)
  if (matcher !== undefined) return matcher
  throw new RequestProblem(`a matcher is { name, value, isRegex, isEqual } or text such as 'region=~"eu-.*"'`)
}

function matcherOf(value: unknown): Matcher | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(value))
  const { name, text } = { name: fields.get('name'), text: fields.get('value') }
  const isRegex = fields.get('isRegex') ?? false
  const isEqual = fields.get('isEqual') ?? true
  if (typeof name !== 'string' || name === '' || typeof text !== 'string') return undefined
  if (typeof isRegex !== 'boolean' || typeof isEqual !== 'boolean') return undefined
  const operator: MatchOperator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!='
  return { label: name, operator, value: text }
}
