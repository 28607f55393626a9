import { isOpen } from '../../core/model/alert.ts'
import { globalScope } from '../../core/model/slo.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { RuleStatus, ScopeStatus, SloStatus } from '../../ports/slo-status.ts'
import type { Burn, Condition, RegionCell, SloRow } from '../ui/browser/wire.ts'
import { unixSeconds } from './json-answer.ts'
import { windowLength } from './window-length.ts'

/** The worst first. */
const byUrgency: readonly Condition[] = ['page', 'ticket', 'no-data', 'stale', 'partial', 'no-traffic', 'ok']

/** One SLO as the list shows it: rounded to what is shown, so that what does not change is not sent again. */
export function sloRow(slo: SloStatus): SloRow {
  const { name, service, labels, objective, window, unit, secondsEach, scopes, rules } = slo
  const conditions = scopes.map(conditionOf)
  const condition = byUrgency.find((one) => conditions.includes(one)) ?? 'no-data'
  const head = headOf(slo)
  return {
    name,
    service,
    labels,
    objective,
    window,
    windowSeconds: windowLength(window) / 1_000,
    unit,
    secondsEach,
    condition,
    since: sinceOf(slo, condition),
    scope: head?.scope ?? globalScope,
    state: head?.state ?? 'no-data',
    problem: head?.problem ?? null,
    ...figuresOf(head, objective),
    burns: head === undefined ? [] : burnsOf(head, rules),
    regions: scopes.filter(({ scope }) => scope !== globalScope).map((scope) => regionCell(scope, rules)),
  }
}

function conditionOf({ alerts, state }: ScopeStatus): Condition {
  const firing = alerts.filter((alert) => isOpen(alert.state)).map(({ severity }) => severity)
  if (firing.includes('page')) return 'page'
  return firing.includes('ticket') ? 'ticket' : state
}

/** All regions together, or the region that needs looking at most. */
function headOf({ scopes }: SloStatus): ScopeStatus | undefined {
  const whole = scopes.find(({ scope }) => scope === globalScope)
  if (whole !== undefined) return whole
  return scopes.toSorted(
    (a, b) =>
      byUrgency.indexOf(conditionOf(a)) - byUrgency.indexOf(conditionOf(b)) ||
      (a.projected?.remaining ?? Number.MAX_VALUE) - (b.projected?.remaining ?? Number.MAX_VALUE),
  )[0]
}

function sinceOf({ scopes }: SloStatus, condition: Condition): number | null {
  const open = scopes
    .flatMap(({ alerts }) => alerts)
    .flatMap(({ severity, state }) => (severity === condition && isOpen(state) ? [state.since] : []))
  return open.length === 0 ? null : unixSeconds(Math.min(...open))
}

function figuresOf(head: ScopeStatus | undefined, objective: number) {
  const remaining = head?.projected?.remaining ?? null
  return {
    sli: rounded(head?.sli ?? null, 8),
    coverage: rounded(head?.coverage ?? null, 3),
    remaining: rounded(remaining, 4),
    eventsLeft: head === undefined || remaining === null ? null : eventsLeft(head, remaining, objective),
    total: head?.counts?.total ?? null,
    at: unixSeconds(head?.at ?? null),
  }
}

/** Bad events that may still come: of the whole window, as the share that is left speaks of it. */
function eventsLeft({ counts, projected, coverage }: ScopeStatus, remaining: number, objective: number): number | null {
  if (counts === null) return null
  const consumed = projected?.consumed ?? null
  const allowed =
    consumed !== null && consumed > 0
      ? counts.bad / consumed
      : coverage !== null && coverage > 0
        ? ((1 - objective) * counts.total) / coverage
        : null
  return allowed === null ? null : Number((allowed * remaining).toPrecision(3))
}

function burnsOf({ burnRates }: ScopeStatus, rules: readonly RuleStatus[]): readonly Burn[] {
  const longs = [...new Set(rules.map(({ longMs }) => longMs))].sort((a, b) => a - b)
  return longs.map((longMs) => {
    const rate = burnRates.find((reading) => reading.windowMs === longMs)?.burnRate ?? null
    const exceeded = rules.filter((rule) => rule.longMs === longMs && rate !== null && rate > rule.burnRate)
    const exceeds = exceeded.find(({ severity }) => severity === 'page')?.severity ?? exceeded[0]?.severity ?? null
    return { window: formatDuration(longMs), rate: significant(rate), exceeds }
  })
}

function regionCell(scope: ScopeStatus, rules: readonly RuleStatus[]): RegionCell {
  let worst: { share: number; rate: number; longMs: DurationMs } | undefined
  for (const { longMs, burnRate: threshold } of rules) {
    const rate = scope.burnRates.find(({ windowMs: length }) => length === longMs)?.burnRate ?? null
    if (rate !== null && (worst === undefined || rate / threshold > worst.share)) {
      worst = { share: rate / threshold, rate, longMs }
    }
  }
  return {
    region: scope.scope,
    condition: conditionOf(scope),
    state: scope.state,
    remaining: rounded(scope.projected?.remaining ?? null, 3),
    burn: significant(worst?.rate ?? null),
    window: worst === undefined ? null : formatDuration(worst.longMs),
  }
}

function significant(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3))
}

function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Number(value.toFixed(decimals))
}
