export type MatchOperator = '=' | '!=' | '=~' | '!~'

/** One condition on one label; a label that is absent has the value "". */
export interface Matcher {
  readonly label: string
  readonly operator: MatchOperator
  readonly value: string
}

/** A PromQL instant selector; the metric name, where given, is the matcher on `__name__`. */
export interface Selector {
  readonly matchers: readonly Matcher[]
}

/** Counters added and subtracted: `a_total{x="1"} + b_total - c_total`. */
export interface CounterExpression {
  readonly terms: readonly CounterTerm[]
}

export interface CounterTerm {
  readonly sign: 1 | -1
  readonly selector: Selector
}
