import type { Place } from '../core/model/problem.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Where the rules in force come from and what they say: the answer to "which SLO is this, and who wrote it". */
export interface DefinitionView {
  /** undefined where no SLO of that name, or of that group, is in force. */
  definition(name: string): SloDefinition | undefined
}

/** One SLO as its rule file has it. */
export interface SloDefinition {
  readonly at: Place
  /** The document as it was written, comments and all, as it was when it was last read. */
  readonly source: string
  /** Whether `source` was longer than is shown. */
  readonly isCut: boolean
  readonly indicator: IndicatorDefinition
  /** Where its queries can be looked at: the sources that are a Prometheus. */
  readonly consoles: readonly PrometheusConsole[]
  readonly rules: RulesRecord
}

/** What counts as good and bad, as text. */
export interface IndicatorDefinition {
  /** As in a rule file: `ratio`, `latency`. */
  readonly kind: string
  /** The bound of a latency SLO: `300ms`; null for others. */
  readonly below: string | null
  readonly signals: readonly SignalDefinition[]
  /** How bad, good and all events come of the signals. */
  readonly formulas: readonly { readonly name: string; readonly text: string }[]
}

/** One thing that is counted. */
export interface SignalDefinition {
  readonly name: string
  /** As it stands in the rule file. */
  readonly selector: string
  /** The same in PromQL, over a few minutes; null where it is no metric. */
  readonly query: string | null
}

/** A Prometheus that holds one region's samples. */
export interface PrometheusConsole {
  readonly source: string
  readonly region: string
  /** Its address without credentials, without a slash at its end. */
  readonly url: string
}

/** Which rules are in force, and since when. */
export interface RulesRecord {
  /** SHA-256 of names and texts of all rule files, in hexadecimal. */
  readonly hash: string
  /** When rules were last read: at the start, or by a reload. */
  readonly readAt: EpochMs
  /** When reading them last brought something else; null where they are as they were at the start. */
  readonly changedAt: EpochMs | null
}
