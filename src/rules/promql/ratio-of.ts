import type { SyntaxNode } from '@lezer/common'
import { operatorOf } from './combine-flows.ts'
import { matchingFault } from './matching-fault.ts'
import { type PromqlFailure, type PromqlTree, parsePromql } from './parse-promql.ts'
import { readCounterFlow } from './read-counter-flow.ts'

/** The two parts of an expression that divides, or why it has none. */
export type RatioResult =
  | {
      readonly kind: 'ratio'
      /** True for `1 - a / b`: of an error ratio the numerator is then good, and the other way round. */
      readonly complement: boolean
      readonly numerator: RatioPart
      readonly denominator: RatioPart
    }
  | { readonly kind: 'none'; readonly reason: string; readonly offset: number }
  | PromqlFailure

/** One side of the division as it was written, and where it begins in the whole. */
export interface RatioPart {
  readonly text: string
  readonly offset: number
}

/** Splits `a / b` and `1 - a / b`; parentheses and a last `or vector(0)` around them do not matter. */
export function ratioOf(source: string): RatioResult {
  const parsed = parsePromql(source)
  if (parsed.kind === 'failed') return parsed
  const { tree } = parsed
  const whole = withoutWrapping(tree.root, tree)
  const subtracted = subtractedFromOne(whole, tree)
  const division = subtracted === undefined ? whole : withoutParentheses(subtracted)
  if (division.name !== 'BinaryExpr' || operatorOf(division, tree).text !== '/') {
    return none(division, `it is not of the form a / b or 1 - a / b`)
  }
  const [numerator, denominator] = division.getChildren('Expr')
  const fault = divisionFault(division, numerator, denominator, tree)
  if (fault !== undefined) return fault
  return {
    kind: 'ratio',
    complement: subtracted !== undefined,
    numerator: partOf(numerator, tree),
    denominator: partOf(denominator, tree),
  }
}

function divisionFault(
  division: SyntaxNode,
  numerator: SyntaxNode,
  denominator: SyntaxNode,
  tree: PromqlTree,
): RatioResult | undefined {
  const options = { bareSelectors: true }
  const [top, bottom] = [readCounterFlow(numerator, tree, options), readCounterFlow(denominator, tree, options)]
  if (top.kind === 'scalar') return none(numerator, 'a number is divided, not a count of events')
  if (bottom.kind === 'scalar') return none(denominator, 'it divides by a number, not by all events')
  const matching = division.getChild('MatchingModifierClause') ?? division.getChild('FillModifier')
  if (matching === null) return undefined
  if (top.kind === 'refused') return none(matching, 'which series meet cannot be told')
  const fault = matchingFault(division, tree.text, top.grouping)
  return fault === undefined ? undefined : { kind: 'none', reason: fault.reason, offset: fault.offset }
}

function withoutWrapping(node: SyntaxNode, tree: PromqlTree): SyntaxNode {
  if (node.name === 'ParenExpr') return withoutWrapping(withoutParentheses(node), tree)
  if (node.name !== 'BinaryExpr' || operatorOf(node, tree).text.toLowerCase() !== 'or') return node
  const [left, right] = node.getChildren('Expr')
  const zero = readCounterFlow(right, tree, { bareSelectors: false })
  return zero.kind === 'flow' && zero.terms.length === 0 ? withoutWrapping(left, tree) : node
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  const inner = node.name === 'ParenExpr' ? node.getChild('Expr') : null
  return inner === null ? node : withoutParentheses(inner)
}

function subtractedFromOne(node: SyntaxNode, tree: PromqlTree): SyntaxNode | undefined {
  if (node.name !== 'BinaryExpr' || operatorOf(node, tree).text !== '-') return undefined
  const [minuend, subtrahend] = node.getChildren('Expr')
  const one = readCounterFlow(minuend, tree, { bareSelectors: false })
  return one.kind === 'scalar' && one.value === 1 ? subtrahend : undefined
}

function partOf({ from, to }: SyntaxNode, { source }: PromqlTree): RatioPart {
  return { text: source.slice(from, to), offset: from }
}

function none({ from }: SyntaxNode, reason: string): RatioResult {
  return { kind: 'none', reason, offset: from }
}
