import { type Labels, noLabels } from '../core/model/labels.ts'
import type { Indicator } from '../core/model/indicator.ts'
import { ratioIndicator } from '../core/model/ratio-indicator.ts'
import { globalScope, type RegionSettings, type Severity, type Slo } from '../core/model/slo.ts'
import { defaultPolicyName } from './built-in-policies.ts'
import { readCounters } from './read-counters.ts'
import { readName } from './read-name.ts'
import { readObjective } from './read-numbers.ts'
import { type Reading, readFlag, readLabels, readSpan, readText, readTexts } from './read-values.ts'
import type { SourceDocument } from './source-document.ts'

/** An SLO whose alert policy is known by name only. */
export interface SloDraft {
  readonly name: string
  readonly slo: Omit<Slo, 'alerting'>
  readonly policyName: string
  readonly alertLabels: Labels
  readonly severities: Readonly<Record<Severity, boolean>>
  readonly document: SourceDocument
}

const spec = ['spec'] as const

/** Reads a document of kind SLO; undefined when something that it cannot do without is wrong, which is then reported. */
export function readSlo(reading: Reading): SloDraft | undefined {
  const name = readName(reading)
  const service = readText(reading, [...spec, 'service'])
  const objective = readObjective(reading, [...spec, 'objective'])
  const windowMs = readSpan(reading, [...spec, 'window'])
  const indicator = readRatio(reading)
  const regions = readRegions(reading)
  const { document } = reading
  if (
    name === undefined ||
    service === undefined ||
    objective === undefined ||
    windowMs === undefined ||
    indicator === undefined
  ) {
    return undefined
  }
  return {
    name,
    slo: {
      name,
      service,
      description: readText(reading, [...spec, 'description']) ?? '',
      labels: readLabels(reading, ['metadata', 'labels'], [...spec, 'labels']),
      ...readLinks(reading),
      objective,
      pastObjectives: [],
      window: { kind: 'rolling', durationMs: windowMs },
      indicator,
      regions,
      groupBy: [],
      group: noLabels,
      at: document.placeOf(['metadata', 'name']),
    },
    policyName: readText(reading, [...spec, 'alerting', 'policy']) ?? defaultPolicyName,
    alertLabels: readLabels(reading, [...spec, 'alerting', 'labels']),
    severities: {
      page: readFlag(reading, [...spec, 'alerting', 'page'], true),
      ticket: readFlag(reading, [...spec, 'alerting', 'ticket'], true),
    },
    document,
  }
}

function readRatio(reading: Reading): Indicator | undefined {
  const path = [...spec, 'indicator', 'ratio']
  const given = reading.document.at([...path, 'good']) === undefined ? 'bad' : 'good'
  const counted = readCounters(reading, [...path, given])
  const total = readCounters(reading, [...path, 'total'])
  if (counted === undefined || total === undefined) return undefined
  return ratioIndicator(given === 'bad' ? { bad: counted, total } : { good: counted, total })
}

function readRegions(reading: Reading): RegionSettings {
  const path = [...spec, 'regions']
  const expected = readTexts(reading, [...path, 'expected'])
  const taken = expected.indexOf(globalScope)
  if (taken >= 0) {
    const message = `a region cannot be called "${globalScope}": that is the scope of all regions together`
    reading.problems.report({ code: 'WRONG_VALUE', path: [...path, 'expected', taken], message })
  }
  const global = readText(reading, [...path, 'global'])
  if (global === 'worst' || global === 'mean') {
    const message = `the global scope from the ${global} of the regions is not supported yet`
    const hint = 'use "events", the sum of the events of all regions, or "none"'
    reading.problems.report({ code: 'NOT_SUPPORTED_YET', path: [...path, 'global'], message, hint })
  }
  return {
    label: readText(reading, [...path, 'label']) ?? 'region',
    expected,
    global: global === 'none' ? 'none' : 'events',
    objectives: new Map(),
  }
}

function readLinks(reading: Reading): Pick<Slo, 'runbook' | 'dashboard'> {
  const runbook = readText(reading, [...spec, 'runbook'])
  const dashboard = readText(reading, [...spec, 'dashboard'])
  return { ...(runbook === undefined ? {} : { runbook }), ...(dashboard === undefined ? {} : { dashboard }) }
}
