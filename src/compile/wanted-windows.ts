import { activeRules, type Slo } from '../core/model/slo.ts'
import { type DurationMs, dayMs, minuteMs } from '../core/model/units.ts'

/** The windows that an SLO is recorded over, shortest first. */
export interface WantedWindows {
  /** Counted from the metrics themselves. */
  readonly direct: readonly DurationMs[]
  /** Added up from counts over the base window: weeks of raw samples would be read at every evaluation otherwise. */
  readonly added: readonly DurationMs[]
  /** One of the direct ones. */
  readonly baseMs: DurationMs
}

/** Windows up to this are counted directly even where no alert rule asks for them. */
const directMaxMs = dayMs
/** A shorter base makes too many points of a month, and a longer one forgets much of a ruler that was away. */
const baseMinMs = minuteMs
const usualBaseMs = 5 * minuteMs

/** The rolling SLO window; calendar windows cannot be compiled. */
export function sloWindowMs({ window, name }: Slo): DurationMs {
  if (window.kind === 'rolling') return window.durationMs
  throw new Error(`the calendar window of ${name} was not refused`)
}

/** The windows of the alert rules of severities that are on. */
export function alertWindows({ alerting }: Slo): DurationMs[] {
  return activeRules(alerting).flatMap(({ longMs, shortMs }) => [longMs, shortMs])
}

/** What each SLO must be recorded over: for its own alerts and budget, and for those of the composites that hold it. */
export function wantedWindows(slos: readonly Slo[]): ReadonlyMap<string, WantedWindows> {
  const byName = new Map(slos.map((slo) => [slo.name, slo]))
  const alerts = new Map<string, Set<DurationMs>>()
  const budgets = new Map<string, Set<DurationMs>>()
  const want = (slo: Slo, alert: readonly DurationMs[], budget: DurationMs): void => {
    alerts.set(slo.name, new Set([...(alerts.get(slo.name) ?? []), ...alert]))
    budgets.set(slo.name, new Set([...(budgets.get(slo.name) ?? []), budget]))
    if (slo.indicator.kind !== 'composite') return
    for (const member of slo.indicator.of.flatMap(({ slo: name }) => byName.get(name) ?? []))
      want(member, alert, budget)
  }
  for (const slo of slos) want(slo, alertWindows(slo), sloWindowMs(slo))
  return new Map(slos.map(({ name }) => [name, split([...(alerts.get(name) ?? [])], [...(budgets.get(name) ?? [])])]))
}

function split(alert: readonly DurationMs[], budget: readonly DurationMs[]): WantedWindows {
  const short = budget.filter((windowMs) => windowMs <= directMaxMs)
  const added = budget.filter((windowMs) => windowMs > directMaxMs && !alert.includes(windowMs))
  const candidates = [...alert, ...short].filter((windowMs) => windowMs >= baseMinMs && windowMs <= usualBaseMs)
  const baseMs = candidates.length === 0 ? usualBaseMs : Math.max(...candidates)
  const direct = new Set([...alert, ...short, ...(added.length === 0 ? [] : [baseMs])])
  return { direct: sorted(direct), added: sorted(added), baseMs: added.length === 0 ? sorted(direct)[0] : baseMs }
}

function sorted(values: Iterable<DurationMs>): DurationMs[] {
  return [...values].sort((a, b) => a - b)
}
