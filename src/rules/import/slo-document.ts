import { type Carried, carried, carriedMapping } from './carried.ts'
import type { ForeignValue } from './foreign-value.ts'

/** The parts of an SLO document, in the order in which they are written. */
export interface SloParts {
  readonly service: Carried | undefined
  readonly description?: Carried | undefined
  readonly labels?: Carried | undefined
  readonly runbook?: Carried | undefined
  readonly dashboard?: Carried | undefined
  readonly objective: Carried | undefined
  readonly window: Carried | undefined
  readonly indicator: Carried | undefined
  readonly regions?: Carried | undefined
  readonly groupBy?: Carried | undefined
  readonly alerting?: Carried | undefined
  readonly allow?: Carried | undefined
}

/** A native SLO document. */
export function sloDocument(from: ForeignValue, version: ForeignValue, name: Carried, parts: SloParts): Carried {
  const { service, description, labels, runbook, dashboard, objective, window } = parts
  const { indicator, regions, groupBy, alerting, allow } = parts
  const spec = { service, description, labels, runbook, dashboard, objective, window, indicator, regions, groupBy }
  return nativeDocument('SLO', from, version, name, { ...spec, alerting, allow })
}

/**
 * A native AlertPolicy document; what stands above the version in the file belongs to the SLO. The other formats know plain
 * rules only.
 */
export function policyDocument(
  from: ForeignValue,
  name: Carried,
  spec: Readonly<Record<string, Carried | undefined>>,
): Carried {
  return nativeDocument('AlertPolicy', from, from, name, { ...spec, evidence: carried('off', from) })
}

function nativeDocument(
  kind: string,
  from: ForeignValue,
  version: ForeignValue,
  name: Carried,
  spec: Readonly<Record<string, Carried | undefined>>,
): Carried {
  return carriedMapping(from, {
    apiVersion: carried('sloburn/v1', version),
    kind: carried(kind, from),
    metadata: { content: new Map([['name', name]]), origin: name.origin },
    spec: carriedMapping(from, spec),
  })
}

/** What an SLO without alerts says, and that this is wanted. */
export function alertsOff(from: ForeignValue, reason: string): Pick<SloParts, 'alerting' | 'allow'> {
  const off = carried(false, from)
  return {
    alerting: carriedMapping(from, { page: off, ticket: off }),
    allow: carriedMapping(from, { RULE_UNREACHABLE_POLICY: carried(reason, from) }),
  }
}
