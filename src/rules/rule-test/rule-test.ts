import type { DataState } from '../../core/model/counts.ts'
import type { Labels } from '../../core/model/labels.ts'
import type { Place } from '../../core/model/problem.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import type { Route } from '../../core/paging/route.ts'
import type { SeriesValue } from './parse-series-values.ts'

/** One document of a `*.test.yaml` file: rules, and the tests they must pass. */
export interface RuleTestFile {
  readonly file: string
  /** Rule files or directories, each as it can be opened from here. */
  readonly rules: readonly RulePath[]
  readonly tests: readonly RuleTest[]
}

/** A rule file that a test is about. */
export interface RulePath {
  readonly path: string
  readonly at: Place
}

/** One story: series over time, and what must come of it. */
export interface RuleTest {
  readonly name: string
  /** Where its name stands, or would stand. */
  readonly at: Place
  /** Where its expectations begin. */
  readonly expectAt: Place
  /** Time 0 of the story. */
  readonly start: EpochMs
  /** Between two values of a series. */
  readonly everyMs: DurationMs
  /** Between two evaluations. */
  readonly stepMs: DurationMs
  readonly routes: readonly Route[]
  readonly alerts: AlertsMode
  readonly series: readonly TestSeries[]
  readonly expectations: readonly Expectation[]
}

/**
 * Which alerts must be expected, so that the test fails where others fire: `pages`, none but those with severity page;
 * `exactly`, all of them; `listed`, none at all.
 */
export type AlertsMode = 'pages' | 'exactly' | 'listed'

/** One series of a test: a value a step. */
export interface TestSeries {
  readonly labels: Labels
  readonly values: readonly SeriesValue[]
  readonly at: Place
}

export type Expectation = FiredExpectation | ResolvedExpectation | OpenExpectation | FigureExpectation

/** An alert fires at this time. */
export interface FiredExpectation {
  readonly kind: 'fired'
  readonly at: EpochMs
  /** How much earlier or later it may be. */
  readonly withinMs: DurationMs
  readonly severity: Severity
  readonly alert: AlertPattern
  readonly rule: RulePattern | undefined
  /** Who is told; anybody when undefined. */
  readonly receivers: readonly string[] | undefined
  readonly place: Place
}

/** An alert resolves at this time. */
export interface ResolvedExpectation {
  readonly kind: 'resolved'
  readonly at: EpochMs
  readonly withinMs: DurationMs
  readonly alert: AlertPattern
  readonly place: Place
}

/** At this time these alerts are open and no others. */
export interface OpenExpectation {
  readonly kind: 'open'
  readonly at: EpochMs
  readonly alerts: readonly AlertPattern[]
  readonly place: Place
}

/** At this time the figures of one SLO in one scope are these: of its budget, or of one window. */
export interface FigureExpectation {
  readonly kind: 'figures'
  readonly at: EpochMs
  readonly slo: SloPattern
  readonly scope: string
  /** The SLO window where undefined. */
  readonly windowMs: DurationMs | undefined
  readonly figures: readonly Figure[]
  readonly place: Place
}

/** Which SLO is meant, and which of its groups. */
export interface SloPattern {
  readonly name: string
  /** undefined matches every group; of an SLO without groups there is one. */
  readonly group: Labels | undefined
  readonly place: Place
}

/** Alerts as a test speaks of them; what is undefined matches all. */
export interface AlertPattern {
  readonly slo: SloPattern
  readonly severity: Severity | undefined
  /** Each of these scopes must have the alert. */
  readonly scopes: readonly string[] | undefined
  readonly place: Place
}

/** The alert rule by which an alert fired. */
export interface RulePattern {
  readonly longMs: DurationMs | undefined
  readonly shortMs: DurationMs | undefined
  readonly burnRate: number | undefined
}

export type Figure = NumberFigure | StateFigure

/** A number that is expected at a time. */
export interface NumberFigure {
  readonly name: NumberFigureName
  /** null expects that it is not known. */
  readonly expected: number | null
  readonly tolerance: number
  readonly place: Place
}

/** A data state that is expected at a time. */
export interface StateFigure {
  readonly name: 'state'
  readonly expected: DataState
  readonly place: Place
}

export type NumberFigureName =
  | 'good'
  | 'bad'
  | 'total'
  | 'sli'
  | 'consumed'
  | 'remaining'
  | 'coverage'
  | 'burnRate'
  | 'errorRatio'
