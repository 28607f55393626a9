import type { DurationMs } from '../core/model/units.ts'

/** Rules that a ruler evaluates one after another. */
export interface RuleGroup {
  readonly name: string
  /** Time between two evaluations; that of the ruler where it is left out. */
  readonly intervalMs?: DurationMs
  readonly rules: readonly CompiledRule[]
}

/** One rule of a ruler. */
export type CompiledRule = RecordingRule | AlertingRule

/** What is evaluated is kept as a series. */
export interface RecordingRule {
  readonly kind: 'record'
  readonly record: string
  readonly expr: string
  readonly labels: StaticLabels
}

/** An alert for every series that the expression has. */
export interface AlertingRule {
  readonly kind: 'alert'
  readonly alert: string
  readonly expr: string
  readonly forMs: DurationMs
  readonly keepFiringForMs: DurationMs
  readonly labels: StaticLabels
  readonly annotations: StaticLabels
}

/** Labels that a rule gives to all that comes of it. */
export type StaticLabels = Readonly<Record<string, string>>
