import { knownWordsHint } from '../../core/model/did-you-mean.ts'
import { shapeCheck } from '../check-shape.ts'
import type { Reading } from '../part-reading.ts'
import { nameOf } from './named-list.ts'

const text = { type: 'string', minLength: 1 } as const

/** Draft-07 schema of `routes:`. */
export const routesSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      match: { type: 'object', additionalProperties: text, description: 'label values an alert must have' },
      receivers: { type: 'array', items: text, minItems: 1, uniqueItems: true },
    },
    required: ['receivers'],
    additionalProperties: false,
  },
} as const

/** Sends alerts that have all these label values to receivers. */
export interface RouteConfig {
  readonly match: Readonly<Record<string, string>>
  readonly receivers: readonly string[]
}

type RouteDocument = Partial<Pick<RouteConfig, 'match'>> & Pick<RouteConfig, 'receivers'>

const haveRoutesShape = shapeCheck<readonly RouteDocument[]>(routesSchema)

/** Reads the routes against the receivers as they stand in the config, sound or not. */
export function readRoutes(value: unknown, receivers: unknown, reading: Reading): readonly RouteConfig[] {
  const { problems } = reading
  if (value !== undefined && !haveRoutesShape(value, '/routes', problems)) return []
  const names = Array.isArray(receivers) ? receivers.map(nameOf) : []
  const routes = (value ?? []).map(({ match = {}, receivers: named }) => ({ match, receivers: named }))
  reportUnknown(
    routes,
    names.filter((name) => name !== undefined),
    reading,
  )
  const used = new Set(routes.flatMap(({ receivers: named }) => named))
  for (const [index, name] of names.entries()) {
    if (name === undefined || used.has(name)) continue
    const message = `no route names the receiver ${JSON.stringify(name)}, so it is never told anything`
    problems.report({
      code: 'CONFIG_UNUSED_RECEIVER',
      pointer: `/receivers/${index}/name`,
      severity: 'warning',
      message,
    })
  }
  return routes
}

function reportUnknown(routes: readonly RouteConfig[], known: readonly string[], { problems }: Reading): void {
  for (const [index, { receivers }] of routes.entries()) {
    for (const [position, name] of receivers.entries()) {
      if (known.includes(name)) continue
      const pointer = `/routes/${index}/receivers/${position}`
      const message = `there is no receiver ${JSON.stringify(name)}`
      const hint = known.length === 0 ? 'declare it under receivers' : knownWordsHint(name, known)
      problems.report({ code: 'CONFIG_UNKNOWN_RECEIVER', pointer, message, hint })
    }
  }
}
