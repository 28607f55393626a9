import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { promqlDepthMax, promqlLengthMax } from '../../core/model/limits.ts'
import { compileRegex } from '../../core/sli/compile-regex.ts'
import { readQuoted } from '../../core/sli/promql-string.ts'
import { explainSyntaxError } from './explain-syntax-error.ts'
import { fillWindow, type WindowPlaceholder } from './fill-window.ts'

/** PromQL that the grammar accepts, or what is wrong and at which character. */
export type PromqlResult = { readonly kind: 'parsed'; readonly tree: PromqlTree } | PromqlFailure

/** Why a text is not PromQL. `unknown-function` may still be the query language of a store that knows more. */
export interface PromqlFailure {
  readonly kind: 'failed'
  readonly cause: 'limit' | 'template' | 'string' | 'regex' | 'unknown-function' | 'syntax'
  readonly offset: number
  readonly message: string
  readonly hint?: string
}

/** A checked expression: no part of it is an error, its strings end and its regular expressions compile. */
export interface PromqlTree {
  /** As written; places of nodes are places in it. */
  readonly source: string
  /** With durations in place of the window. */
  readonly text: string
  readonly windows: readonly WindowPlaceholder[]
  /** The outermost expression. */
  readonly root: SyntaxNode
}

/** Parses one expression with Prometheus' own grammar; `{{.window}}` and `$window` stand for a duration. */
export function parsePromql(source: string): PromqlResult {
  if (source.length > promqlLengthMax) {
    return failed('limit', promqlLengthMax, `the expression is longer than ${promqlLengthMax} characters`)
  }
  const filled = fillWindow(source)
  if (filled.kind === 'failed') return { ...filled, cause: 'template' }
  const { text, windows } = filled
  const tree = parser.parse(text)
  const fault = firstFault(tree, text)
  if (fault !== undefined) return fault
  const root = tree.topNode.getChild('Expr')
  if (root === null) return { ...explainSyntaxError(text, 0), kind: 'failed' }
  return { kind: 'parsed', tree: { source, text, windows, root } }
}

/** The fault nearest to the beginning: what follows it is often only its consequence. */
function firstFault(tree: Tree, text: string): PromqlFailure | undefined {
  let first: PromqlFailure | undefined
  let firstAt = Number.POSITIVE_INFINITY
  let depth = 0
  tree.iterate({
    enter: (node) => {
      depth += 1
      const fault = depth > promqlDepthMax ? tooDeep(node.from) : nodeFault(node, text)
      if (fault !== undefined && node.from < firstAt) {
        first = fault
        firstAt = node.from
      }
      return depth <= promqlDepthMax
    },
    leave: () => {
      depth -= 1
    },
  })
  return first
}

function nodeFault(ref: SyntaxNodeRef, text: string): PromqlFailure | undefined {
  if (ref.type.isError) return { ...explainSyntaxError(text, ref.from), kind: 'failed' }
  if (ref.name === 'StringLiteral') return stringFault(text, ref.from)
  const isMatcher = ref.name === 'UnquotedLabelMatcher' || ref.name === 'QuotedLabelMatcher'
  return isMatcher ? matcherFault(ref.node, text) : undefined
}

function stringFault(text: string, from: number): PromqlFailure | undefined {
  const string = readQuoted(text, from)
  return string.kind === 'failed' ? failed('string', string.offset, string.message) : undefined
}

function matcherFault(matcher: SyntaxNode, text: string): PromqlFailure | undefined {
  const operator = matcher.getChild('MatchOp')?.firstChild?.name
  const value = matcher.getChild('StringLiteral')
  if (value === null || (operator !== 'EqlRegex' && operator !== 'NeqRegex')) return undefined
  const string = readQuoted(text, value.from)
  if (string.kind === 'failed') return undefined
  const regex = compileRegex(string.value)
  if (regex.kind === 'compiled') return undefined
  const message = `the regular expression is not valid: ${regex.reason}`
  return failed('regex', value.from, message, 'the syntax is that of RE2, as in Prometheus')
}

function tooDeep(offset: number): PromqlFailure {
  return failed('limit', offset, 'the expression is nested too deeply', 'split it into several queries')
}

function failed(cause: PromqlFailure['cause'], offset: number, message: string, hint?: string): PromqlFailure {
  const failure = { kind: 'failed', cause, offset, message } as const
  return hint === undefined ? failure : { ...failure, hint }
}
