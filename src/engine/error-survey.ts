import { isOpen } from '../core/model/alert.ts'
import { metricNameLabel } from '../core/model/labels.ts'
import {
  surveyDimensionsShownMax,
  surveyedSeriesMax,
  surveyedSloRegionsMax,
  surveySeriesPerTurnMax,
  surveyValuesShownMax,
} from '../core/model/limits.ts'
import { globalScope } from '../core/model/slo.ts'
import { type DurationMs, type EpochMs, hourMs } from '../core/model/units.ts'
import { LabelTally } from '../core/regions/label-tally.ts'
import { bucketBoundLabel } from '../core/sli/bucket-bound.ts'
import type { ErrorSurveyStatus } from '../ports/slo-status.ts'
import type { AlertStates } from './alert-states.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import type { Counting } from './counting.ts'
import type { Destination } from './destination.ts'
import type { HeldSeries } from './held-series.ts'
import { regionsOf } from './read-scope.ts'
import type { SloCounts } from './region-counts.ts'

/** A stretch of time that is forgotten as a whole; two of them are shown, so that the last hour always is. */
const stretchMs: DurationMs = hourMs

/** Who spends by region is told apart: these labels say nothing else. */
const regionLabels = ['region', 'cloud_region']

/** So long after its last alert, or after somebody looked at it, an SLO is surveyed still. */
const lingerMs: DurationMs = hourMs

interface Stretch {
  readonly since: EpochMs
  readonly tally: LabelTally
}

/** What one SLO lost in one region, by label. */
interface Survey {
  readonly startedAt: EpochMs
  readonly ignored: ReadonlySet<string>
  before: Stretch | undefined
  now: Stretch
}

/** The last value seen of a series, and where it went then. */
interface Mark {
  readonly destination: Destination
  readonly value: number
}

/** Where the increments of the series of a destination go in surveys. */
interface Lead {
  readonly survey: Survey
  readonly column: number
  readonly sign: 1 | -1
}

/**
 * Which label values the failures carry of SLOs that alert, or that somebody looks at. Samples pay nothing for it: at every turn the
 * last values of some series are looked at, which all have their turn again and again, and what they grew by is added up.
 * What a counter lost between its last sample and a start from zero is not in it: these are shares, budgets are counted apart.
 */
export class ErrorSurvey {
  /** How often each limit was reached. */
  readonly refused = { surveyedSloRegionsMax: 0, surveyedSeriesMax: 0, surveyValuesMax: 0 }
  readonly #counting: Counting
  readonly #held: HeldSeries
  readonly #surveys = new Map<SloCounts, Survey>()
  /** Until when each SLO in a region is wanted. */
  readonly #wanted = new Map<SloCounts, EpochMs>()
  readonly #marks = new Map<number, Mark>()
  #leads = new Map<Destination, readonly Lead[]>()
  #cursor = 0
  /** When the last round began that looks at each series once. */
  #roundAt: EpochMs = Number.NaN
  /** Some surveys ended: marks of series that no other one wants go with this round. */
  #prunes = false

  constructor(counting: Counting, held: HeldSeries) {
    this.#counting = counting
    this.#held = held
  }

  /** Somebody looks at an SLO. */
  look(compiled: CompiledSlo, now: EpochMs): void {
    for (const region of regionsOf(this.#counting, compiled)) this.#want(region.slos.get(compiled.id), now)
  }

  /** Looks at some more series; to be called at every turn. */
  run(alerts: AlertStates, now: EpochMs): void {
    if (this.#cursor === 0 && !this.#begin(alerts, now)) return
    const { series } = this.#counting
    const end = Math.min(series.size, this.#cursor + surveySeriesPerTurnMax)
    for (let ref = this.#cursor; ref < end; ref++) if (this.#held.labels.isHeld(ref)) this.#visit(ref)
    this.#cursor = end < series.size ? end : 0
  }

  /** What was lost in a scope, by label; undefined where nothing was surveyed. */
  of(compiled: CompiledSlo, scope: string): ErrorSurveyStatus | undefined {
    const regions = regionsOf(this.#counting, compiled).filter(
      ({ region }) => scope === globalScope || region === scope,
    )
    const surveys = regions.flatMap(({ slos }) => {
      const counts = slos.get(compiled.id)
      const survey = counts === undefined ? undefined : this.#surveys.get(counts)
      return survey === undefined ? [] : [survey]
    })
    // In the round that a survey begins with nothing can have grown yet.
    if (!surveys.some(({ startedAt }) => startedAt < this.#roundAt)) return undefined
    const tally = new LabelTally(compiled.signals.length)
    const stretches = surveys.flatMap(({ before, now }) => (before === undefined ? [now] : [before, now]))
    for (const stretch of stretches) tally.addAll(stretch.tally)
    const { bad, total } = compiled.events(tally.all)
    const since = Math.min(...stretches.map((stretch) => stretch.since))
    const dimensions = tally.shares(compiled.events, surveyValuesShownMax).slice(0, surveyDimensionsShownMax)
    return { since, bad, total, dimensions }
  }

  /** Begins a round with all that is wanted by now; false where nothing is. */
  #begin(alerts: AlertStates, now: EpochMs): boolean {
    for (const { id, state } of alerts.open())
      if (id.cause === undefined && isOpen(state)) this.#wantAlerting(id.slo, id.scope, now)
    this.#prunes = false
    for (const [counts, until] of this.#wanted) if (until < now || !this.#isCounted(counts)) this.#forget(counts)
    if (this.#wanted.size === 0) return false
    const lastAt = this.#roundAt
    this.#roundAt = now
    for (const counts of this.#wanted.keys()) this.#take(counts, now, lastAt)
    this.#leads = new Map()
    return true
  }

  #wantAlerting(slo: string, scope: string, now: EpochMs): void {
    const compiled = this.#counting.slos.get(slo)
    if (compiled === undefined) return
    if (scope === globalScope) return this.look(compiled, now)
    this.#want(this.#counting.regions.get(scope)?.slos.get(slo), now)
  }

  #want(counts: SloCounts | undefined, now: EpochMs): void {
    // Events of all other kinds are made of what no single series tells.
    if (counts === undefined || counts.compiled.slo.indicator.kind !== 'events') return
    if (!this.#wanted.has(counts) && this.#wanted.size >= surveyedSloRegionsMax) {
      this.refused.surveyedSloRegionsMax++
      return
    }
    this.#wanted.set(counts, now + lingerMs)
  }

  #take(counts: SloCounts, now: EpochMs, lastAt: EpochMs): void {
    const known = this.#surveys.get(counts)
    const fresh = (since: EpochMs): Stretch => ({ since, tally: new LabelTally(counts.compiled.signals.length) })
    if (known === undefined) {
      const { label } = counts.compiled.slo.regions
      const ignored = new Set([metricNameLabel, bucketBoundLabel, label, ...regionLabels])
      this.#surveys.set(counts, { startedAt: now, ignored, before: undefined, now: fresh(now) })
    } else if (now - known.now.since >= stretchMs) {
      // What this round finds has come since the last one.
      known.before = known.now
      known.now = fresh(lastAt)
    }
  }

  #forget(counts: SloCounts): void {
    this.#wanted.delete(counts)
    this.#surveys.delete(counts)
    this.#prunes = true
    if (this.#surveys.size === 0) this.#marks.clear()
  }

  /** Rules that were loaded anew count an SLO in another place. */
  #isCounted(counts: SloCounts): boolean {
    for (const { slos } of this.#counting.regions.values()) if (slos.get(counts.compiled.id) === counts) return true
    return false
  }

  #visit(ref: number): void {
    const { series } = this.#counting
    const destination = series.feedsOf(ref)
    const leads = this.#leadsOf(destination)
    if (leads.length === 0) {
      if (this.#prunes) this.#marks.delete(ref)
      return
    }
    const value = series.last(ref)?.[1]
    if (value === undefined) return
    const mark = this.#marks.get(ref)
    if (mark === undefined && this.#marks.size >= surveyedSeriesMax) {
      this.refused.surveyedSeriesMax++
      return
    }
    this.#marks.set(ref, { destination, value })
    for (const { survey, column, sign } of leads) {
      // The first round only notes where counters stand.
      if (survey.startedAt >= this.#roundAt) continue
      const before =
        mark === undefined ? this.#startOf(ref, survey) : mark.destination === destination ? mark.value : value
      const grown = growth(before ?? value, value)
      if (grown > 0) this.#book(ref, survey, column, sign * grown)
    }
  }

  #book(ref: number, { ignored, now: { tally } }: Survey, column: number, amount: number): void {
    const { refused } = tally
    const labels = [...this.#held.labels.labels(ref)].filter(([label]) => !ignored.has(label))
    tally.add(labels, column, amount)
    this.refused.surveyValuesMax += tally.refused - refused
  }

  /** Where a counter began that came since the last round: at zero in a process that was there before, else nobody knows. */
  #startOf(ref: number, { startedAt }: Survey): number | undefined {
    const { targets } = this.#counting.series
    return targets.firstAt(this.#counting.series.targetOf(ref)) < startedAt ? 0 : undefined
  }

  #leadsOf(destination: Destination): readonly Lead[] {
    const known = this.#leads.get(destination)
    if (known !== undefined) return known
    const leads = destination.counts.flatMap((counts): readonly Lead[] => {
      const survey = this.#surveys.get(counts)
      if (survey === undefined) return []
      const own = new Set(counts.contributions)
      return destination.contributions.flatMap((contribution) => {
        if (!own.has(contribution)) return []
        return [{ survey, column: counts.columns.indexOf(contribution.column), sign: contribution.sign }]
      })
    })
    this.#leads.set(destination, leads)
    return leads
  }
}

/** The events between two values of a counter; one that fell has counted from zero. */
function growth(before: number, value: number): number {
  return value < before ? value : value - before
}
