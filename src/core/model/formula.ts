/**
 * Arithmetic over named signals, as data: what `good:` and `bad:` in a rule file mean. It is parsed once, checked, and
 * lowered to a closure for evaluation.
 */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  /** The signal at this place in the indicator's list. */
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'negate' | 'not'; readonly operand: Formula }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'call'; readonly name: FormulaFunction; readonly operands: readonly Formula[] }

export type ArithmeticOperator = '+' | '-' | '*' | '/'
export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!='
export type LogicOperator = 'and' | 'or'
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicOperator

/** The only functions a formula may call. */
export type FormulaFunction = 'min' | 'max' | 'abs'

/** What a formula answers: a number of events, or whether something is good. */
export type FormulaType = 'number' | 'boolean'
