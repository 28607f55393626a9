import { type SpendSubject, spendSubject } from '../core/incidents/incident-spend.ts'
import type { Incident, IncidentSpend } from '../core/model/incident.ts'
import { globalScope } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import { readBudget } from './read-budget.ts'
import { readScope } from './read-scope.ts'

/** What an incident was known to have spent. */
export interface Spending {
  readonly subject: SpendSubject
  readonly spent: IncidentSpend
}

/**
 * What an incident has spent as far as its scope reaches, as the counts say. Where its SLO is a sum of events only those since `before` are
 * added, which are counted step by step still: the further back a moment lies, the fewer rows are kept around it. Undefined where
 * its SLO is gone.
 */
export function incidentSpending(
  counting: Counting,
  incident: Incident,
  reach: (scope: string) => EpochMs,
  before: Spending | undefined,
): Spending | undefined {
  const subject = spendSubject(incident)
  const compiled = subject === undefined ? undefined : counting.slos.get(subject.slo)
  if (subject === undefined || compiled === undefined) return undefined
  const { scope, since } = subject
  if (scope !== globalScope && !counting.regions.has(scope)) return undefined
  const until = Math.max(since, reach(scope))
  const reading = readScope(counting, compiled, scope, until)
  const { allowed } = readBudget(reading)
  const known =
    before !== undefined && goesOn(before, subject, until) && isSum(compiled, scope) ? before.spent : undefined
  const { bad, total } = reading.charged(known?.until ?? since, until)
  const spent = { since, until, bad: bad + (known?.bad ?? 0), total: total + (known?.total ?? 0), allowed }
  return { subject, spent }
}

function goesOn({ subject, spent }: Spending, { slo, scope, since }: SpendSubject, until: EpochMs): boolean {
  return subject.slo === slo && subject.scope === scope && subject.since === since && spent.until <= until
}

/** The worst or the mean of several counts is not that of one stretch plus that of the next. */
function isSum({ slo }: CompiledSlo, scope: string): boolean {
  return slo.indicator.kind !== 'composite' && (scope !== globalScope || slo.regions.global === 'events')
}
