import type { SyntaxNode } from '@lezer/common'
import { counterTermsMax } from '../../core/model/limits.ts'
import type { CounterExpression } from '../../core/model/selector.ts'
import type { DurationMs } from '../../core/model/units.ts'
import { operatorOf } from './combine-flows.ts'
import type { CounterFlow, FlowMeasure, FlowTerm } from './counter-flow.ts'
import { type PromqlFailure, type PromqlTree, parsePromql } from './parse-promql.ts'
import { type FlowOptions, readCounterFlow } from './read-counter-flow.ts'

/** What becomes of a PromQL expression: counters, or a query asked of the region's Prometheus, or it is not PromQL. */
export type StreamingResult = StreamingCounters | AskedQuery | PromqlFailure

/** The expression is a sum of counters, whose increments can be counted as they come. */
export interface StreamingCounters {
  readonly kind: 'counters'
  readonly counters: CounterExpression
  /** The labels by which the sum is grouped, in their order in the text. */
  readonly groupBy: readonly string[]
  /** What the expression answers: events a second, events of its window, or events since the counters began. */
  readonly measure: 'per-second' | 'per-window' | 'total'
  /** The range of the counters; `window` is the placeholder, null goes with `total`. */
  readonly range: DurationMs | 'window' | null
  /** By how much the answer is larger than its measure: 60 for `sum(rate(a[5m])) * 60`. */
  readonly scale: number
}

/** The expression is none that can be counted; the offset is of the part that prevents it. */
export interface AskedQuery {
  readonly kind: 'query'
  readonly reason: string
  readonly offset: number
}

/** Recognises PromQL that is a sum of counters: rates and increases, summed, added, subtracted and scaled. */
export function streamingCounters(source: string, options: FlowOptions = { bareSelectors: false }): StreamingResult {
  const parsed = parsePromql(source)
  if (parsed.kind === 'failed') return parsed
  const { tree } = parsed
  const misplaced = misplacedWindow(tree)
  if (misplaced !== undefined)
    return query(misplaced, 'the window stands elsewhere than in a range such as [{{.window}}]')
  const value = readCounterFlow(withoutGuards(tree.root, tree), tree, options)
  if (value.kind === 'refused') return query(value.offset, value.reason)
  if (value.kind === 'scalar') return query(tree.root.from, 'it is a constant')
  return countersOf(value, tree)
}

/**
 * What is inside of parentheses, `clamp_min(…, 0)` and `… > 0`. They matter only where there are no events, or less than
 * none, which counting knows by itself.
 */
function withoutGuards(node: SyntaxNode, tree: PromqlTree): SyntaxNode {
  const inner = node.name === 'ParenExpr' ? node.getChild('Expr') : (clamped(node, tree) ?? compared(node, tree))
  return inner === null ? node : withoutGuards(inner, tree)
}

function clamped(node: SyntaxNode, tree: PromqlTree): SyntaxNode | null {
  const identifier = node.getChild('FunctionIdentifier')
  if (identifier?.firstChild?.name !== 'ClampMin') return null
  const [value, limit] = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []
  return limit !== undefined && isZero(limit, tree) ? value : null
}

function compared(node: SyntaxNode, tree: PromqlTree): SyntaxNode | null {
  if (node.name !== 'BinaryExpr' || node.getChild('BoolModifier') !== null) return null
  const [value, limit] = node.getChildren('Expr')
  const { text } = operatorOf(node, tree)
  return (text === '>' || text === '!=') && isZero(limit, tree) ? value : null
}

function isZero({ name, from, to }: SyntaxNode, { text }: PromqlTree): boolean {
  return name === 'NumberDurationLiteral' && Number(text.slice(from, to)) === 0
}

function misplacedWindow({ windows, root }: PromqlTree): number | undefined {
  return windows.find(({ from }) => {
    let node: SyntaxNode | null = root.resolveInner(from, 1)
    while (node !== null && node.name !== 'DurationExpr') node = node.parent
    return node === null
  })?.from
}

function countersOf({ terms, grouping }: CounterFlow, { root }: PromqlTree): StreamingCounters | AskedQuery {
  if (terms.length === 0) return query(root.from, 'it is always 0')
  if (terms.length > counterTermsMax) return query(root.from, `it has more than ${counterTermsMax} counters`)
  const fault = groupingFault(terms, grouping) ?? measureFault(terms)
  if (fault !== undefined) return query(root.from, fault)
  const [{ measure, factor }] = terms
  return {
    kind: 'counters',
    counters: { terms: terms.map((term) => ({ sign: term.factor > 0 ? 1 : -1, selector: term.selector })) },
    groupBy: [...grouping.labels],
    measure: measureOf(measure),
    range: measure.range,
    scale: Math.abs(factor) * unitOf(measure),
  }
}

function groupingFault(terms: readonly FlowTerm[], { kind, labels }: CounterFlow['grouping']): string | undefined {
  if (kind === 'by') return undefined
  if (labels.size > 0) return 'sum without (…) keeps labels that the text does not name; name them with sum by (…)'
  return terms[0].measure.taken === 'total' ? undefined : 'it is not summed: each series stays for itself'
}

function measureFault(terms: readonly FlowTerm[]): string | undefined {
  const [first, ...others] = terms
  for (const { measure, factor } of others) {
    if (measure.range !== first.measure.range) return 'its counters are taken over different ranges'
    if (measureOf(measure) !== measureOf(first.measure)) return 'it mixes rate(…) and increase(…)'
    const [one, other] = [Math.abs(factor) * unitOf(measure), Math.abs(first.factor) * unitOf(first.measure)]
    if (Math.abs(one - other) > 1e-9 * one)
      return 'its counters do not weigh the same; an expression indicator can say so'
  }
  return undefined
}

function measureOf({ taken, range }: FlowMeasure): StreamingCounters['measure'] {
  if (taken === 'total') return 'total'
  return taken === 'increase' && range === 'window' ? 'per-window' : 'per-second'
}

/** An increase over five minutes is 300 times the rate. */
function unitOf({ taken, range }: FlowMeasure): number {
  return taken === 'increase' && typeof range === 'number' ? range / 1000 : 1
}

function query(offset: number, reason: string): AskedQuery {
  return { kind: 'query', reason, offset }
}
