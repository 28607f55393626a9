import { noLabels } from '../core/model/labels.ts'
import type { Rational } from '../core/model/rational.ts'
import type { Slo } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { defaultPolicyName } from './built-in-policies.ts'
import { type AlertingDraft, readAlerting } from './read-alerting.ts'
import { readData } from './read-data.ts'
import { readGroupBy } from './read-group-by.ts'
import { readIndicator } from './read-indicator.ts'
import { readName } from './read-name.ts'
import { readObjectives } from './read-objectives.ts'
import { readRegions } from './read-regions.ts'
import { readTraffic } from './read-traffic.ts'
import { type Reading, readLabels, readText } from './read-values.ts'
import { readWindow } from './read-window.ts'

/** An SLO whose alert policy is known by name only, and what else its document says. */
export interface SloDraft {
  readonly name: string
  readonly slo: Omit<Slo, 'alerting'>
  readonly policyName: string
  readonly alerting: AlertingDraft
  /** Where the objective of today stands. */
  readonly objectivePath: Path
  /** Events in a millisecond that the author expects; undefined when not given. */
  readonly traffic: Rational | undefined
}

const spec = ['spec'] as const

/** Reads a document of kind SLO; undefined when something that it cannot do without is wrong, which is then reported. */
export function readSlo(reading: Reading): SloDraft | undefined {
  const name = readName(reading)
  const service = readText(reading, [...spec, 'service'])
  const window = readWindow(reading, [...spec, 'window'])
  const objectives = readObjectives(reading, spec, window)
  const indicator = readIndicator(reading, [...spec, 'indicator'])
  const regions = readRegions(reading, [...spec, 'regions'])
  const data = readData(reading, [...spec, 'data'])
  const groupBy = readGroupBy(reading, [...spec, 'groupBy'], regions, indicator)
  const traffic = readTraffic(reading, [...spec, 'traffic'])
  if (name === undefined || service === undefined || window === undefined) return undefined
  if (objectives === undefined || indicator === undefined) return undefined
  const { objective, pastObjectives, path: objectivePath } = objectives
  return {
    name,
    slo: {
      name,
      service,
      description: readText(reading, [...spec, 'description']) ?? '',
      labels: readLabels(reading, ['metadata', 'labels'], [...spec, 'labels']),
      ...readLinks(reading),
      objective,
      pastObjectives,
      window,
      indicator,
      regions,
      data,
      groupBy,
      group: noLabels,
      at: reading.document.placeOf(['metadata', 'name']),
    },
    policyName: readText(reading, [...spec, 'alerting', 'policy']) ?? defaultPolicyName,
    alerting: readAlerting(reading, [...spec, 'alerting']),
    objectivePath,
    traffic,
  }
}

function readLinks(reading: Reading): Pick<Slo, 'runbook' | 'dashboard'> {
  const runbook = readText(reading, [...spec, 'runbook'])
  const dashboard = readText(reading, [...spec, 'dashboard'])
  return { ...(runbook === undefined ? {} : { runbook }), ...(dashboard === undefined ? {} : { dashboard }) }
}
