import {
  type IncidentPolicy,
  type InhibitionRule,
  type SevRule,
  standardIncidentPolicy,
} from '../../core/incidents/incident-policy.ts'
import { deployHoldMaxMs } from '../../core/model/limits.ts'
import { type SevName, sevNames } from '../../core/model/notification.ts'
import type { Severity } from '../../core/model/slo.ts'
import { dayMs, hourMs, minuteMs } from '../../core/model/units.ts'
import { shapeCheck } from '../check-shape.ts'
import { type Reading, readDuration } from '../part-reading.ts'
import { matchersSchema, readMatchers } from './matchers.ts'

const duration = { type: 'string', description: 'a duration such as 5m' } as const

/** Draft-07 schema of `incidents:`. */
const incidentsSchema = {
  type: 'object',
  properties: {
    groupWithin: duration,
    resolveAfter: duration,
    updateEvery: duration,
    repeatEvery: duration,
    holdAfterDeploy: duration,
    flapping: {
      type: 'object',
      properties: { openings: { type: 'integer', minimum: 2, maximum: 20 }, within: duration, quiet: duration },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const

/** Draft-07 schema of `severities:`. */
const severitiesSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      name: { enum: sevNames },
      severity: { enum: ['page', 'ticket'] },
      scope: {
        enum: ['global', 'regional'],
        description: 'global where all regions together burn, regional otherwise',
      },
      burnRate: { type: 'number', minimum: 0, description: 'the least burn rate of an alert rule that fired' },
      matchers: matchersSchema,
    },
    required: ['name'],
    additionalProperties: false,
  },
} as const

/** Draft-07 schema of `inhibit:`. */
const inhibitSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 100 },
      source: { ...matchersSchema, minItems: 1 },
      target: { ...matchersSchema, minItems: 1 },
      equal: { type: 'array', items: { type: 'string', minLength: 1 }, description: 'labels that must be the same' },
    },
    required: ['source', 'target'],
    additionalProperties: false,
  },
} as const

interface IncidentsDocument {
  readonly groupWithin?: string
  readonly resolveAfter?: string
  readonly updateEvery?: string
  readonly repeatEvery?: string
  readonly holdAfterDeploy?: string
  readonly flapping?: { readonly openings?: number; readonly within?: string; readonly quiet?: string }
}

interface SeverityDocument {
  readonly name: SevName
  readonly severity?: Severity
  readonly scope?: 'global' | 'regional'
  readonly burnRate?: number
  readonly matchers?: readonly string[]
}

interface InhibitDocument {
  readonly name?: string
  readonly source: readonly string[]
  readonly target: readonly string[]
  readonly equal?: readonly string[]
}

const hasIncidentsShape = shapeCheck<IncidentsDocument>(incidentsSchema)
const haveSeveritiesShape = shapeCheck<readonly SeverityDocument[]>(severitiesSchema)
const haveInhibitShape = shapeCheck<readonly InhibitDocument[]>(inhibitSchema)

/** The parts of the config that say how alerts become incidents. */
export interface IncidentParts {
  readonly incidents: unknown
  readonly severities: unknown
  readonly inhibit: unknown
}

/** Reads how alerts become incidents; what is not given is as usual. */
export function readIncidents({ incidents, severities, inhibit }: IncidentParts, reading: Reading): IncidentPolicy {
  const written =
    incidents !== undefined && hasIncidentsShape(incidents, '/incidents', reading.problems) ? incidents : {}
  const usual = standardIncidentPolicy
  const read = (text: string | undefined, name: string, normal: number, max: number, min = 0) => {
    return readDuration(text, `/incidents/${name}`, { normal, min, max }, reading)
  }
  const { flapping = {} } = written
  return {
    groupWithinMs: read(written.groupWithin, 'groupWithin', usual.groupWithinMs, hourMs),
    resolveAfterMs: read(written.resolveAfter, 'resolveAfter', usual.resolveAfterMs, hourMs),
    updateEveryMs: read(written.updateEvery, 'updateEvery', usual.updateEveryMs, hourMs),
    repeatEveryMs: read(written.repeatEvery, 'repeatEvery', usual.repeatEveryMs, 7 * dayMs, minuteMs),
    holdAfterDeployMs: read(written.holdAfterDeploy, 'holdAfterDeploy', usual.holdAfterDeployMs, deployHoldMaxMs),
    flapping: {
      openings: flapping.openings ?? usual.flapping.openings,
      withinMs: read(flapping.within, 'flapping/within', usual.flapping.withinMs, dayMs, minuteMs),
      quietMs: read(flapping.quiet, 'flapping/quiet', usual.flapping.quietMs, dayMs, minuteMs),
    },
    sevRules: readSeverities(severities, reading) ?? usual.sevRules,
    inhibitions: readInhibitions(inhibit, reading),
  }
}

function readSeverities(value: unknown, reading: Reading): readonly SevRule[] | undefined {
  if (value === undefined || !haveSeveritiesShape(value, '/severities', reading.problems)) return undefined
  return value.map(({ matchers = [], ...rest }, index) => {
    return { ...rest, matchers: readMatchers(matchers, `/severities/${index}/matchers`, reading) }
  })
}

function readInhibitions(value: unknown, reading: Reading): readonly InhibitionRule[] {
  if (value === undefined || !haveInhibitShape(value, '/inhibit', reading.problems)) return []
  return value.map(({ name, source, target, equal = [] }, index) => ({
    name: name ?? String(index + 1),
    source: readMatchers(source, `/inhibit/${index}/source`, reading),
    target: readMatchers(target, `/inhibit/${index}/target`, reading),
    equal,
  }))
}
