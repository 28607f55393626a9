import type { Span } from '../../core/model/exclusion.ts'
import { authorLengthMax, exclusionOccurrencesMax, reasonLengthMax } from '../../core/model/limits.ts'
import { dayMs } from '../../core/model/units.ts'
import { exclusionSpans } from '../../core/time/exclusion-spans.ts'
import { parseTime } from '../../core/time/parse-time.ts'
import type { ExclusionBoard, ListedExclusion, NewExclusion } from '../../ports/exclusion-board.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import { answered } from './answered.ts'
import { dataAnswer, errorAnswer, unixSeconds } from './json-answer.ts'
import { fieldsOf, optionalTime, RequestProblem, textField } from './request-fields.ts'

/** Lines of the audit in one answer. */
const auditLinesMax = 1_000

/** `GET`, `POST` and `DELETE /api/v1/exclusions`: what is left out of budgets, and who said so. */
export function exclusionRoutes(board: ExclusionBoard): readonly HttpRoute[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/exclusions',
      handle: answered(async ({ query }) => {
        const all = query.get('all') ?? '0'
        if (all !== '0' && all !== '1') throw new RequestProblem('all must be 0 or 1')
        const within = stretchOf(query)
        const [records, audit] = await Promise.all([board.list(all === '1'), board.audit(auditLinesMax)])
        const lines = audit.map(({ exclusionId, at, ...line }) => ({
          exclusion: exclusionId,
          ...line,
          at: unixSeconds(at),
        }))
        const exclusions = records.map((record) => ({ ...exclusionJson(record), ...occurrencesIn(record, within) }))
        return dataAnswer({ exclusions, audit: lines })
      }),
    },
    {
      method: 'POST',
      isWrite: true,
      path: '/api/v1/exclusions',
      handle: answered(async ({ body }) => {
        const added = await board.add(readExclusion(body))
        return typeof added === 'string' ? errorAnswer(400, added) : dataAnswer(exclusionJson(added), 201)
      }),
    },
    {
      method: 'DELETE',
      isWrite: true,
      path: '/api/v1/exclusions/:id',
      handle: async ({ params, query }) => {
        const author = (query.get('author') ?? '').trim()
        const reason = (query.get('reason') ?? '').trim()
        if (author === '' || reason === '')
          return errorAnswer(400, 'author and reason are needed: who takes it back, and why')
        if (author.length > authorLengthMax || reason.length > reasonLengthMax) {
          return errorAnswer(400, `author has at most ${authorLengthMax} characters, reason ${reasonLengthMax}`)
        }
        const id = params['id'] ?? ''
        if (id.startsWith('file/')) {
          return errorAnswer(400, `${JSON.stringify(id)} stands in a rule file: take it out there and reload`)
        }
        if (await board.remove(id, { author, reason })) return dataAnswer({ removed: true })
        return errorAnswer(404, `no exclusion in force has the id ${JSON.stringify(id)}`)
      },
    },
  ]
}

/** Longer than any SLO window with its forecast; days of a stretch are looked at one by one. */
const stretchMaxMs = exclusionOccurrencesMax * dayMs

/** The stretch of which somebody wants to know when exactly things take place; undefined where nobody asks. */
function stretchOf(query: URLSearchParams): Span | undefined {
  if (!query.has('from') && !query.has('to')) return undefined
  const [from, to] = ['from', 'to'].map((name) => parseTime(query.get(name) ?? ''))
  if (from === undefined || to === undefined || from >= to || to - from > stretchMaxMs) {
    throw new RequestProblem(
      `from and to must be Unix seconds or RFC 3339, one after the other and at most ${exclusionOccurrencesMax} days apart`,
    )
  }
  return { from, to }
}

function occurrencesIn({ exclusion, removed }: ListedExclusion, within: Span | undefined) {
  if (within === undefined) return {}
  const spans = removed === null ? exclusionSpans(exclusion.schedule, within.from, within.to) : []
  return { occurrences: spans.map(({ from, to }) => ({ from: unixSeconds(from), to: unixSeconds(to) })) }
}

function exclusionJson({ exclusion, createdAt, removed }: ListedExclusion) {
  const { id, matches, schedule, mute, excludeFromBudget, author, reason, at } = exclusion
  return {
    id,
    ...matches,
    mute,
    excludeFromBudget,
    author,
    reason,
    schedule:
      schedule.kind === 'once'
        ? { kind: schedule.kind, from: unixSeconds(schedule.from), to: unixSeconds(schedule.to) }
        : { ...schedule, from: unixSeconds(schedule.from), until: unixSeconds(schedule.until) },
    declaredAt: at === null ? null : `${at.file}:${at.line}:${at.column}`,
    createdAt: unixSeconds(createdAt),
    removed: removed === null ? null : { ...removed, at: unixSeconds(removed.at) },
  }
}

const keys = ['from', 'to', 'slos', 'services', 'regions', 'mute', 'excludeFromBudget', 'author', 'reason']

function readExclusion(body: Uint8Array): NewExclusion {
  const fields = fieldsOf(body, keys)
  const from = optionalTime(fields, 'from')
  const to = optionalTime(fields, 'to')
  if (from === undefined || to === undefined) throw new RequestProblem('from and to are needed')
  if (from >= to) throw new RequestProblem('from must be before to')
  const mute = flagField(fields, 'mute', false)
  const excludeFromBudget = flagField(fields, 'excludeFromBudget', true)
  if (!mute && !excludeFromBudget) throw new RequestProblem('an exclusion that neither mutes nor excludes does nothing')
  const matches = {
    slos: namesField(fields, 'slos'),
    services: namesField(fields, 'services'),
    regions: namesField(fields, 'regions'),
  }
  const author = textField(fields, 'author')
  const reason = textField(fields, 'reason')
  return { matches, from, to, mute, excludeFromBudget, author, reason }
}

function namesField(fields: ReadonlyMap<string, unknown>, name: string): readonly string[] {
  const value = fields.get(name) ?? []
  const names = Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : undefined
  if (Array.isArray(value) && names?.length === value.length) return names
  throw new RequestProblem(`${name} must be a list of names`)
}

function flagField(fields: ReadonlyMap<string, unknown>, name: string, whenAbsent: boolean): boolean {
  const value = fields.get(name) ?? whenAbsent
  if (typeof value === 'boolean') return value
  throw new RequestProblem(`${name} must be true or false`)
}
