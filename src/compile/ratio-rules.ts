import { errorBudget } from '../core/budget/burn-rate.ts'
import type { CompositeIndicator } from '../core/model/indicator.ts'
import { type Rational, toNumber } from '../core/model/rational.ts'
import { globalScope, type Slo } from '../core/model/slo.ts'
import type { DurationMs } from '../core/model/units.ts'
import { anyOf, quoteText } from '../core/sli/promql-string.ts'
import { formatDuration } from '../core/time/duration.ts'
import { recorded, seriesOf, seriesWhere } from './names.ts'
import { record } from './record.ts'
import type { RecordingRule, StaticLabels } from './rule-group.ts'
import { sloWindowMs } from './wanted-windows.ts'

/** Error ratios over all windows at once, of each region and of all together, then burn rates and objectives. */
export function ratioRules(slo: Slo): RecordingRule[] {
  return [...errorRatios(slo), ...againstObjectives(slo)]
}

/** What is left of the budget, from the error ratio over the SLO window. */
export function remainingRule(slo: Slo): RecordingRule {
  const window = formatDuration(sloWindowMs(slo))
  const burnRate = seriesOf(recorded.burnRate, { slo: slo.name, window })
  return record(slo, recorded.remaining, `1 - max without (window) (${burnRate})`)
}

/** The burn rate over one window as it was recorded. */
export function recordedBurnRate({ name }: Slo, windowMs: DurationMs): string {
  return seriesOf(recorded.burnRate, { slo: name, window: formatDuration(windowMs) })
}

/**
 * The burn rate over one window as it follows from the counts, for rulers that see what they recorded one evaluation later;
 * of a composite the recorded one.
 */
export function burnRateFromCounts(slo: Slo, windowMs: DurationMs): string {
  const labels = { slo: slo.name, window: formatDuration(windowMs) }
  if (slo.indicator.kind === 'composite') return recordedBurnRate(slo, windowMs)
  if (slo.indicator.kind === 'query') return `${ratioOf(countsOf(labels))} / ${budgetOf(slo.objective)}`
  const scopes = byObjective(slo).map(({ objective, matchers }) => {
    return `${ratioOf(countsOf(labels, ['region!=""', ...matchers]))} / ${budgetOf(objective)}`
  })
  if (slo.regions.global === 'none') return `(${scopes.join(' or ')})`
  const all = `${globalRatio(slo, labels)} / ${budgetOf(slo.objective)}`
  return `(${[...scopes, `label_replace(${all}, "region", "${globalScope}", "", "")`].join(' or ')})`
}

function errorRatios(slo: Slo): RecordingRule[] {
  const { indicator, regions, name } = slo
  if (indicator.kind === 'composite') return compositeRatios(slo, indicator)
  const labels = { slo: name }
  // Whoever is asked is the region: its own Prometheus knows its name.
  if (indicator.kind === 'query') return [record(slo, recorded.errorRatio, ratioOf(countsOf(labels)))]
  const regional = record(slo, recorded.errorRatio, regionalRatio(labels))
  if (regions.global === 'none') return [regional]
  return [regional, record(slo, recorded.errorRatio, globalRatio(slo, labels), { region: globalScope })]
}

function regionalRatio(labels: StaticLabels): string {
  return ratioOf(countsOf(labels, ['region!=""']))
}

/** Of all events together, of the worst region, or the mean of all that had events. */
function globalRatio({ regions }: Slo, labels: StaticLabels): string {
  if (regions.global === 'worst') return `max without (region) (${regionalRatio(labels)})`
  if (regions.global === 'mean') return `avg without (region) (${regionalRatio(labels)})`
  const { bad, events } = countsOf(labels)
  return ratioOf({ bad: `sum without (region) (${bad})`, events: `sum without (region) (${events})` })
}

function countsOf(labels: StaticLabels, matchers: readonly string[] = []) {
  return {
    bad: seriesWhere(recorded.badEvents, labels, matchers),
    events: seriesWhere(recorded.events, labels, matchers),
  }
}

/** Nothing where there were no events: 0 ÷ 0 would stay in every figure that is made of it. */
function ratioOf({ bad, events }: { readonly bad: string; readonly events: string }): string {
  return `clamp_max(${bad} / (${events} > 0), 1)`
}

/** Of the members, window by window and region by region; members without events say nothing. */
function compositeRatios(slo: Slo, { combine, of }: CompositeIndicator): RecordingRule[] {
  const isMade = slo.regions.global === 'worst' || slo.regions.global === 'mean'
  const scopes = isMade || slo.regions.global === 'none' ? [`region!=${quoteText(globalScope)}`] : []
  const named = [`slo=~${quoteText(anyOf(of.map((member) => member.slo)))}`, ...scopes].join(',')
  const members = (name: string): string => `${name}{${named}}`
  const over = 'without (slo, service)'
  const expr = (): string => {
    if (combine === 'all') return `clamp_max(sum ${over} (${members(recorded.errorRatio)}), 1)`
    if (combine === 'worst') {
      return `clamp_max(max ${over} (${members(recorded.burnRate)}) * ${budgetOf(slo.objective)}, 1)`
    }
    const bad = ofEach(of, scopes, (series, weight) => `${weight} * ${series}`)
    const all = ofEach(of, scopes, (series, weight) => `0 * ${series} + ${weight}`)
    return `sum ${over} (${bad}) / sum ${over} (${all})`
  }
  const combined = record(slo, recorded.errorRatio, expr())
  if (!isMade) return [combined]
  const ofRegions = seriesWhere(recorded.errorRatio, { slo: slo.name }, scopes)
  const operator = slo.regions.global === 'worst' ? 'max' : 'avg'
  const made = `${operator} without (region) (${ofRegions})`
  return [combined, record(slo, recorded.errorRatio, made, { region: globalScope })]
}

function ofEach(
  members: CompositeIndicator['of'],
  scopes: readonly string[],
  text: (series: string, weight: number) => string,
): string {
  return members.map(({ slo, weight }) => text(seriesWhere(recorded.errorRatio, { slo }, scopes), weight)).join(' or ')
}

/** Scopes that have one objective: some region, or all that have none of their own. */
interface ScopesUnderObjective {
  readonly objective: Rational
  readonly matchers: readonly string[]
}

function byObjective({ objective, regions: { objectives } }: Slo): ScopesUnderObjective[] {
  const own = [...objectives].map(([region, its]) => ({ objective: its, matchers: [`region=${quoteText(region)}`] }))
  const others = own.length === 0 ? [] : [`region!~${quoteText(anyOf([...objectives.keys()]))}`]
  return [{ objective, matchers: others }, ...own]
}

/** One rule for all objectives: rulers take two that record one series for a mistake. */
function againstObjectives(slo: Slo): RecordingRule[] {
  const scopes = byObjective(slo).map(({ objective, matchers }) => {
    return { objective, ratios: seriesWhere(recorded.errorRatio, { slo: slo.name }, matchers) }
  })
  const burnRates = scopes.map(({ ratios, objective }) => `${ratios} / ${budgetOf(objective)}`)
  const objectives = scopes.map(({ ratios, objective }) => {
    return `0 * max without (window) (${ratios}) + ${toNumber(objective)}`
  })
  return [
    record(slo, recorded.burnRate, burnRates.join(' or ')),
    record(slo, recorded.objective, objectives.join(' or ')),
  ]
}

function budgetOf(objective: Rational): number {
  return toNumber(errorBudget(objective))
}
