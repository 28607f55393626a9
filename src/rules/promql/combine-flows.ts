import type { SyntaxNode } from '@lezer/common'
import {
  type CounterFlow,
  type FlowRefusal,
  type FlowScalar,
  type FlowValue,
  type Grouping,
  sameGrouping,
  scaleFlow,
} from './counter-flow.ts'
import { matchingFault } from './matching-fault.ts'
import type { PromqlTree } from './parse-promql.ts'
import { operatorReason } from './why-not-counters.ts'

/** The operator of a binary expression, as written. */
export function operatorOf(node: SyntaxNode, { text }: PromqlTree): { readonly text: string; readonly from: number } {
  const [left] = node.getChildren('Expr')
  let operator = left.nextSibling
  while (operator?.name === 'LineComment') operator = operator.nextSibling
  return operator === null
    ? { text: '', from: node.from }
    : { text: text.slice(operator.from, operator.to), from: operator.from }
}

/** What a binary expression makes of its two sides. */
export function combineFlows(node: SyntaxNode, tree: PromqlTree, left: FlowValue, right: FlowValue): FlowValue {
  if (left.kind === 'refused') return left
  if (right.kind === 'refused') return right
  const operator = operatorOf(node, tree)
  const refuse = (reason: string): FlowRefusal => ({ kind: 'refused', reason, offset: operator.from })
  switch (operator.text.toLowerCase()) {
    case '+':
    case '-':
      return addFlows(node, tree, left, right, operator.text === '+' ? 1 : -1) ?? refuse(addingReason(left, right))
    case '*':
      return multiply(left, right) ?? refuse('"*" multiplies counters with each other')
    case '/':
      return divide(left, right) ?? refuse(divisionReason(right))
    case 'or':
      return orZero(left, right) ?? refuse(operatorReason('or'))
    default:
      return refuse(operatorReason(operator.text))
  }
}

function addFlows(
  node: SyntaxNode,
  tree: PromqlTree,
  left: CounterFlow | FlowScalar,
  right: CounterFlow | FlowScalar,
  sign: 1 | -1,
): FlowValue | undefined {
  if (left.kind === 'scalar' && right.kind === 'scalar')
    return { kind: 'scalar', value: left.value + sign * right.value }
  if (left.kind === 'scalar') return left.value === 0 && right.kind === 'flow' ? scaleFlow(right, sign) : undefined
  if (right.kind === 'scalar') return right.value === 0 ? left : undefined
  if (left.grouping.kind !== 'by' || !sameGrouping(left.grouping, right.grouping)) return undefined
  const fault = matchingFault(node, tree.text, left.grouping)
  if (fault !== undefined) return fault
  return { kind: 'flow', terms: [...left.terms, ...scaleFlow(right, sign).terms], grouping: left.grouping }
}

function addingReason(left: CounterFlow | FlowScalar, right: CounterFlow | FlowScalar): string {
  if (left.kind === 'scalar' || right.kind === 'scalar') return 'a number other than 0 is added to the counters'
  if (left.grouping.kind === 'by' && right.grouping.kind === 'by') {
    return `series by ${labelList(left.grouping)} meet series by ${labelList(right.grouping)}`
  }
  return 'series are added one by one, where those without a partner vanish; sum(…) each side first'
}

function multiply(left: CounterFlow | FlowScalar, right: CounterFlow | FlowScalar): FlowValue | undefined {
  if (left.kind === 'scalar' && right.kind === 'scalar') return { kind: 'scalar', value: left.value * right.value }
  if (right.kind === 'scalar') return left.kind === 'flow' ? scaleFlow(left, right.value) : undefined
  return left.kind === 'scalar' ? scaleFlow(right, left.value) : undefined
}

function divide(left: CounterFlow | FlowScalar, right: CounterFlow | FlowScalar): FlowValue | undefined {
  if (right.kind !== 'scalar' || right.value === 0) return undefined
  return left.kind === 'scalar' ? { kind: 'scalar', value: left.value / right.value } : scaleFlow(left, 1 / right.value)
}

function divisionReason(right: CounterFlow | FlowScalar): string {
  if (right.kind === 'scalar') return '"/" divides by zero'
  return '"/" makes a ratio, of which the events cannot be told any more'
}

/** `x or vector(0)` and `x or total * 0`: the right side only says that no series means no events. */
function orZero(left: CounterFlow | FlowScalar, right: CounterFlow | FlowScalar): FlowValue | undefined {
  if (left.kind !== 'flow' || right.kind !== 'flow') return undefined
  return left.terms.length > 0 && right.terms.length === 0 ? left : undefined
}

function labelList({ labels }: Grouping): string {
  return labels.size === 0 ? 'nothing' : [...labels].join(', ')
}
