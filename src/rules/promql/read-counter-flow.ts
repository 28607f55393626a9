import type { SyntaxNode } from '@lezer/common'
import { parseCounters } from '../../core/sli/parse-counters.ts'
import { parseDuration } from '../../core/time/duration.ts'
import { combineFlows } from './combine-flows.ts'
import {
  eachSeries,
  type FlowMeasure,
  type FlowRefusal,
  type FlowValue,
  type Grouping,
  oneSeries,
  regroup,
  scaleFlow,
  zeroFlow,
} from './counter-flow.ts'
import { groupingLabels } from './grouping-labels.ts'
import type { PromqlTree } from './parse-promql.ts'
import { aggregationReason, functionReason } from './why-not-counters.ts'

/** What may be taken as a counter's events. */
export interface FlowOptions {
  /** Whether a selector without `rate` or `increase` stands for its counter, as OpenSLO's `counter: true` says. */
  readonly bareSelectors: boolean
}

/** What an expression makes of counters, from the inside out; the first part that is no sum of counters decides. */
export function readCounterFlow(node: SyntaxNode, tree: PromqlTree, options: FlowOptions): FlowValue {
  const { text } = tree
  switch (node.name) {
    case 'ParenExpr':
      return readOnly(node, tree, options)
    case 'NumberDurationLiteral':
      return readScalar(node, tree)
    case 'UnaryExpr':
      return readSigned(node, tree, options)
    case 'AggregateExpr':
      return readAggregate(node, tree, options)
    case 'FunctionCall':
      return readCall(node, tree)
    case 'BinaryExpr': {
      const [left, right] = node.getChildren('Expr')
      return combineFlows(node, tree, readCounterFlow(left, tree, options), readCounterFlow(right, tree, options))
    }
    case 'VectorSelector':
      if (options.bareSelectors) return readCounter(node, tree, { taken: 'total', range: null })
      return refused(node, `${shorten(textOf(node, text))} is neither in rate(…) nor in increase(…)`)
    default:
      return refused(node, reasonAgainst(node, text))
  }
}

function readOnly(node: SyntaxNode, tree: PromqlTree, options: FlowOptions): FlowValue {
  const inner = node.getChild('Expr')
  return inner === null ? refused(node, 'there is nothing in it') : readCounterFlow(inner, tree, options)
}

function readScalar(node: SyntaxNode, tree: PromqlTree): FlowValue {
  if (holdsWindow(node, tree)) return refused(node, 'the window stands there as a number')
  const text = textOf(node, tree.text).replaceAll(/\s/g, '')
  const value = numberOf(text)
  return value === undefined ? refused(node, `the number ${text} is not one of events`) : { kind: 'scalar', value }
}

function readSigned(node: SyntaxNode, tree: PromqlTree, options: FlowOptions): FlowValue {
  const value = readOnly(node, tree, options)
  const operator = node.getChild('UnaryOp')
  if (value.kind === 'refused' || operator === null || textOf(operator, tree.text) !== '-') return value
  return value.kind === 'scalar' ? { kind: 'scalar', value: -value.value } : scaleFlow(value, -1)
}

function readAggregate(node: SyntaxNode, tree: PromqlTree, options: FlowOptions): FlowValue {
  const operator = node.getChild('AggregateOp')
  const summed = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []
  const name = operator === null ? '' : textOf(operator, tree.text)
  if (name.toLowerCase() !== 'sum') return refused(node, aggregationReason(name))
  if (summed.length !== 1) return refused(node, 'sum(…) takes one vector')
  const value = readCounterFlow(summed[0], tree, options)
  if (value.kind === 'refused') return value
  if (value.kind === 'scalar') return refused(summed[0], 'a number is no vector to sum')
  return { ...value, grouping: regroup(value.grouping, readGrouping(node.getChild('AggregateModifier'), tree.text)) }
}

function readGrouping(modifier: SyntaxNode | null, text: string): Grouping {
  if (modifier === null) return oneSeries
  return { kind: modifier.getChild('By') === null ? 'without' : 'by', labels: groupingLabels(modifier, text) }
}

function readCall(node: SyntaxNode, tree: PromqlTree): FlowValue {
  const identifier = node.getChild('FunctionIdentifier')
  const name = identifier === null ? '' : textOf(identifier, tree.text)
  const given = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []
  if (name === 'vector') return isZero(given, tree) ? zeroFlow(oneSeries) : refused(node, functionReason(name))
  if (name !== 'rate' && name !== 'increase') return refused(node, functionReason(name))
  if (given.length !== 1) return refused(node, `${name}(…) takes one range of a counter`)
  return readRange(name, withoutEdges(given[0]), tree)
}

/** `anchored` and `smoothed` say how the edges of the range are guessed; counting needs no guess. */
function withoutEdges(node: SyntaxNode): SyntaxNode {
  if (node.name !== 'AnchoredExpr' && node.name !== 'SmoothedExpr') return node
  return node.getChild('Expr') ?? node
}

function readRange(taken: 'rate' | 'increase', node: SyntaxNode, tree: PromqlTree): FlowValue {
  if (node.name === 'VectorSelector') return refused(node, `${taken}(…) is given no range such as [5m]`)
  const selector = node.name === 'MatrixSelector' ? node.getChild('Expr') : null
  if (selector === null) return refused(node, reasonAgainst(node, tree.text))
  if (selector.name !== 'VectorSelector') {
    return refused(selector, `${taken}(…) is taken of ${shorten(textOf(selector, tree.source))} and not of a counter`)
  }
  const duration = node.getChild('DurationExpr')
  const range = duration === null ? undefined : rangeOf(duration, tree)
  if (range !== undefined) return readCounter(selector, tree, { taken, range })
  return refused(duration ?? node, 'the range is not a plain duration')
}

function rangeOf(duration: SyntaxNode, tree: PromqlTree): FlowMeasure['range'] | undefined {
  if (duration.firstChild?.name !== 'NumberDurationLiteralInDurationContext') return undefined
  if (holdsWindow(duration, tree)) return 'window'
  const seconds = numberOf(textOf(duration, tree.text))
  return seconds !== undefined && seconds > 0 ? seconds * 1000 : undefined
}

function readCounter(node: SyntaxNode, tree: PromqlTree, measure: FlowMeasure): FlowValue {
  const result = parseCounters(textOf(node, tree.text))
  if (result.kind === 'failed') {
    return { kind: 'refused', reason: result.message, offset: node.from + result.offset }
  }
  const [{ selector }] = result.expression.terms
  return { kind: 'flow', terms: [{ factor: 1, selector, measure }], grouping: eachSeries }
}

function isZero(given: readonly SyntaxNode[], tree: PromqlTree): boolean {
  if (given.length !== 1 || given[0].name !== 'NumberDurationLiteral') return false
  const value = readScalar(given[0], tree)
  return value.kind === 'scalar' && value.value === 0
}

function reasonAgainst(node: SyntaxNode, text: string): string {
  switch (node.name) {
    case 'MatrixSelector':
      return 'a range is used without rate(…) or increase(…)'
    case 'SubqueryExpr':
      return 'a subquery such as [1h:5m] asks for the past of an expression'
    case 'OffsetExpr':
      return '"offset" looks at another time'
    case 'StepInvariantExpr':
      return '"@" looks at a fixed time'
    case 'StringLiteral':
      return 'a string is no vector'
    default:
      return `${shorten(textOf(node, text))} is no sum of counters`
  }
}

function holdsWindow({ from, to }: SyntaxNode, { windows }: PromqlTree): boolean {
  return windows.some((window) => window.from >= from && window.from < to)
}

/** A number as PromQL writes it; a duration is its seconds. */
function numberOf(text: string): number | undefined {
  const ms = /[a-z]/.test(text) ? parseDuration(text) : undefined
  if (ms !== undefined) return ms / 1000
  const value = Number(text.replaceAll('_', ''))
  return Number.isFinite(value) ? value : undefined
}

function textOf({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to)
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function refused(node: SyntaxNode, reason: string): FlowRefusal {
  return { kind: 'refused', reason, offset: node.from }
}
