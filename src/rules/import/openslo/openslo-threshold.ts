import type { SyntaxNode } from '@lezer/common'
import type { Rational } from '../../../core/model/rational.ts'
import { parseCounters } from '../../../core/sli/parse-counters.ts'
import { printCounters } from '../../../core/sli/print-counters.ts'
import { type PromqlTree, parsePromql } from '../../promql/parse-promql.ts'
import { type Carried, carried, carriedMapping } from '../carried.ts'
import { warnOfQuery } from '../count-pair.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { decimalText } from '../native-numbers.ts'
import { enclosed, namesWindow, type QueryText, reportPromql, withWindow } from '../query-text.ts'
import { type Slicing, sliceStep } from './sliced-indicator.ts'

/** When a value of the metric is good. */
export interface Threshold {
  readonly operator: '<' | '<=' | '>' | '>='
  readonly value: Rational
  readonly from: ForeignValue
}

/** The indicator of a metric that is good within a bound; undefined when its query is no PromQL, which is an error. */
export function thresholdIndicator(
  query: QueryText,
  threshold: Threshold,
  slicing: Slicing | undefined,
  from: ForeignValue,
  notes: ImportNotes,
): Carried | undefined {
  const parsed = parsePromql(query.text)
  if (parsed.kind === 'failed' && parsed.cause !== 'unknown-function') {
    reportPromql(query, parsed, notes)
    return undefined
  }
  const gauge = parsed.kind === 'failed' ? undefined : gaugeOf(parsed.tree.root, parsed.tree, threshold.operator)
  if (gauge === undefined) {
    const reason = parsed.kind === 'failed' ? parsed.message : 'it is no selector, nor the sum, max, min or avg of one'
    warnOfQuery(query, reason, parsed.kind === 'failed' ? parsed.offset : 0, notes)
    return askedThreshold(query, threshold, slicing, from)
  }
  if (slicing?.target !== undefined) {
    const message = `the time within the bound is counted, and not the slices of ${slicing.slice}`
    notes.warn('IMPORT_CHANGED', slicing.from, message)
  }
  return carriedMapping(from, {
    threshold: carriedMapping(query.from, {
      metric: carried(gauge.metric, query.from),
      good: carried(`value ${threshold.operator} ${decimalText(threshold.value)}`, threshold.from),
      combine: carried(gauge.combine, query.from),
    }),
  })
}

interface Gauge {
  readonly metric: string
  readonly combine: string
}

const combinations: ReadonlyMap<string, string> = new Map([
  ['max', 'max'],
  ['min', 'min'],
  ['avg', 'mean'],
  ['sum', 'sum'],
])

/** A selector, or one aggregation of one. Of several series the one nearest to the bound decides. */
function gaugeOf(node: SyntaxNode, tree: PromqlTree, operator: Threshold['operator']): Gauge | undefined {
  if (node.name === 'ParenExpr') {
    const inner = node.getChild('Expr')
    return inner === null ? undefined : gaugeOf(inner, tree, operator)
  }
  if (node.name === 'VectorSelector') return gaugeFrom(node, tree, operator.startsWith('<') ? 'max' : 'min')
  const name = node.getChild('AggregateOp')
  const given = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []
  if (node.name !== 'AggregateExpr' || name === null || given.length !== 1) return undefined
  const combine = combinations.get(tree.text.slice(name.from, name.to).toLowerCase())
  const isWhole = node.getChild('AggregateModifier') === null && given[0].name === 'VectorSelector'
  return isWhole && combine !== undefined ? gaugeFrom(given[0], tree, combine) : undefined
}

function gaugeFrom({ from, to }: SyntaxNode, { text }: PromqlTree, combine: string): Gauge | undefined {
  const selector = parseCounters(text.slice(from, to))
  return selector.kind === 'failed' ? undefined : { metric: printCounters(selector.expression), combine }
}

/** Moments of the window within the bound, among those that have a value; or slices of which most moments are. */
function askedThreshold(
  query: QueryText,
  { operator, value, from: bound }: Threshold,
  slicing: Slicing | undefined,
  from: ForeignValue,
): Carried {
  const slice = slicing?.slice ?? '1m'
  const text = enclosed(namesWindow(query.text) ? withWindow(query.text, slice) : query.text)
  const isGood = `${text} ${operator} bool ${decimalText(value)}`
  const target = slicing?.target
  const [good, known, step] =
    target === undefined
      ? [isGood, text, '']
      : [
          `avg_over_time((${isGood})[${slice}:]) >= bool ${decimalText(target)}`,
          `count_over_time(${text}[${slice}:])`,
          sliceStep(slice),
        ]
  return carriedMapping(from, {
    query: carriedMapping(query.from, {
      good: carried(`sum_over_time((${good})[$window:${step}])`, bound),
      total: carried(`count_over_time(${enclosed(known)}[$window:${step}])`, query.from),
    }),
  })
}
