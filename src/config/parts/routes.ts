import { knownWordsHint } from '../../core/model/did-you-mean.ts'
import { dayMs, minuteMs, secondMs } from '../../core/model/units.ts'
import type { Route } from '../../core/paging/route.ts'
import type { BusinessHours } from '../../core/time/business-hours.ts'
import { shapeCheck } from '../check-shape.ts'
import { type Reading, readDuration } from '../part-reading.ts'
import { matchersSchema, readMatchers } from './matchers.ts'
import { nameOf } from './named-list.ts'

const text = { type: 'string', minLength: 1 } as const
const receivers = { type: 'array', items: text, minItems: 1, uniqueItems: true } as const

/** Draft-07 schema of `routes:`. */
export const routesSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      match: { type: 'object', additionalProperties: text, description: 'label values an alert must have' },
      matchers: matchersSchema,
      receivers,
      hours: { ...text, description: 'the name of business hours: tickets wait for them' },
      escalate: {
        type: 'array',
        items: {
          type: 'object',
          properties: { after: { type: 'string', description: 'a duration such as 15m' }, receivers },
          required: ['after', 'receivers'],
          additionalProperties: false,
        },
        description: 'who is told of a page that nobody acknowledges, and after how long',
      },
    },
    required: ['receivers'],
    additionalProperties: false,
  },
} as const

/** Sends alerts that have all these label values to receivers. */
export type RouteConfig = Route

interface RouteDocument {
  readonly match?: Readonly<Record<string, string>>
  readonly matchers?: readonly string[]
  readonly receivers: readonly string[]
  readonly hours?: string
  readonly escalate?: readonly { readonly after: string; readonly receivers: readonly string[] }[]
}

const haveRoutesShape = shapeCheck<readonly RouteDocument[]>(routesSchema)
const delays = { normal: 15 * minuteMs, min: secondMs, max: dayMs }

/** What routes name that stands elsewhere in the config. */
export interface RouteNames {
  /** The list of receivers as it stands, sound or not. */
  readonly receivers: unknown
  readonly hours: readonly BusinessHours[]
  /** Receivers that are used by something else than a route. */
  readonly usedElsewhere: readonly string[]
}

/** Reads the routes against the receivers as they stand in the config, sound or not. */
export function readRoutes(value: unknown, names: RouteNames, reading: Reading): readonly RouteConfig[] {
  const { problems } = reading
  if (value !== undefined && !haveRoutesShape(value, '/routes', problems)) return []
  const written = value ?? []
  const known = receiverNames(names.receivers)
  reportUnknown(
    written,
    known.filter((name) => name !== undefined),
    reading,
  )
  reportUnused(written, known, names.usedElsewhere, reading)
  return written.map((route, index) => routeOf(route, `/routes/${index}`, names.hours, reading))
}

/** The names of receivers as they stand in the config, sound or not. */
export function receiverNames(receiversWritten: unknown): readonly (string | undefined)[] {
  return Array.isArray(receiversWritten) ? receiversWritten.map(nameOf) : []
}

/** Reports a receiver that is not declared. */
export function reportUnknownReceiver(name: string, pointer: string, known: readonly string[], { problems }: Reading) {
  const message = `there is no receiver ${JSON.stringify(name)}`
  const hint = known.length === 0 ? 'declare it under receivers' : knownWordsHint(name, known)
  problems.report({ code: 'CONFIG_UNKNOWN_RECEIVER', pointer, message, hint })
}

function routeOf(
  { match = {}, matchers = [], receivers: named, hours, escalate = [] }: RouteDocument,
  pointer: string,
  known: readonly BusinessHours[],
  reading: Reading,
): RouteConfig {
  const steps = escalate.map(({ after, receivers: further }, index) => ({
    afterMs: readDuration(after, `${pointer}/escalate/${index}/after`, delays, reading),
    receivers: further,
  }))
  const found = known.find(({ name }) => name === hours)
  if (hours !== undefined && found === undefined) {
    const message = `there are no hours ${JSON.stringify(hours)}`
    const hint =
      known.length === 0
        ? 'declare them under hours'
        : knownWordsHint(
            hours,
            known.map(({ name }) => name),
          )
    reading.problems.report({ code: 'CONFIG_VALUE', pointer: `${pointer}/hours`, message, hint })
  }
  return {
    match,
    receivers: named,
    ...(matchers.length === 0 ? {} : { matchers: readMatchers(matchers, `${pointer}/matchers`, reading) }),
    ...(found === undefined ? {} : { hours: found }),
    ...(steps.length === 0 ? {} : { escalate: steps }),
  }
}

function reportUnused(
  routes: readonly RouteDocument[],
  names: readonly (string | undefined)[],
  usedElsewhere: readonly string[],
  { problems }: Reading,
): void {
  const further = routes.flatMap(({ escalate = [] }) => escalate.flatMap((step) => step.receivers))
  const used = new Set([...routes.flatMap((route) => route.receivers), ...further, ...usedElsewhere])
  for (const [index, name] of names.entries()) {
    if (name === undefined || used.has(name)) continue
    problems.report({
      code: 'CONFIG_UNUSED_RECEIVER',
      pointer: `/receivers/${index}/name`,
      severity: 'warning',
      message: `no route names the receiver ${JSON.stringify(name)}, so it is never told anything`,
    })
  }
}

function reportUnknown(routes: readonly RouteDocument[], known: readonly string[], reading: Reading): void {
  for (const [index, { receivers: named, escalate = [] }] of routes.entries()) {
    const lists = [
      [named, `/routes/${index}/receivers`],
      ...escalate.map((step, at) => [step.receivers, `/routes/${index}/escalate/${at}/receivers`] as const),
    ] as const
    for (const [list, pointer] of lists) {
      for (const [position, name] of list.entries()) {
        if (!known.includes(name)) reportUnknownReceiver(name, `${pointer}/${position}`, known, reading)
      }
    }
  }
}
