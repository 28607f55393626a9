import type { BinaryOperator, Formula } from '../model/formula.ts'
import { type FormulaFailure, formulaFailure } from './parse-formula-result.ts'
import type { FormulaToken } from './parse-formula-tokens.ts'
import { isFormulaFunction } from './parse-formula-words.ts'

/** What is used of mathjs. */
export interface MathParser {
  parse(text: string): MathNode
}

/** The nodes of mathjs; those without fields never come out of a text whose tokens were let through. */
export type MathNode =
  | { readonly type: 'ConstantNode' }
  | { readonly type: 'SymbolNode'; readonly name: string }
  | { readonly type: 'ParenthesisNode'; readonly content: MathNode }
  | { readonly type: 'OperatorNode'; readonly op: string; readonly args: readonly MathNode[] }
  | { readonly type: 'FunctionNode'; readonly args: readonly MathNode[] }
  | { readonly type: 'RelationalNode'; readonly params: readonly MathNode[] }
  | { readonly type: 'BlockNode' | 'AssignmentNode' | 'ConditionalNode' | 'RangeNode' | 'ArrayNode' }

/** A formula and where in the text each part of it begins. */
export interface LocatedFormula {
  readonly kind: 'located'
  readonly formula: Formula
  readonly offsetOf: (part: Formula) => number
}

/**
 * Turns the tree of mathjs into a formula. Its nodes do not know their places, but in order they are the tokens: so the
 * two are walked together.
 */
export function locateFormula(
  root: MathNode,
  tokens: readonly FormulaToken[],
  signalNames: readonly string[],
): LocatedFormula | FormulaFailure {
  const walk: Walk = { tokens, signalNames, next: 0, offsets: new Map() }
  try {
    const formula = convert(root, walk)
    return { kind: 'located', formula, offsetOf: (part) => walk.offsets.get(part) ?? 0 }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.failure
  }
}

interface Walk {
  readonly tokens: readonly FormulaToken[]
  readonly signalNames: readonly string[]
  next: number
  readonly offsets: Map<Formula, number>
}

/** Leaves the descent; never leaves this file. */
class Refused extends Error {
  readonly failure: FormulaFailure

  constructor(failure: FormulaFailure) {
    super(failure.message)
    this.failure = failure
  }
}

function convert(node: MathNode, walk: Walk): Formula {
  const { offset } = walk.tokens[walk.next]
  const formula = convertNode(node, walk)
  walk.offsets.set(formula, offset)
  return formula
}

function convertNode(node: MathNode, walk: Walk): Formula {
  switch (node.type) {
    case 'ConstantNode':
      return { kind: 'number', value: Number(take(walk).text) }
    case 'SymbolNode':
      return { kind: 'signal', signal: walk.signalNames.indexOf(take(walk).text) }
    case 'ParenthesisNode':
      return convertParentheses(node.content, walk)
    case 'OperatorNode':
      return convertOperator(node.args, walk)
    case 'FunctionNode':
      return convertCall(node.args, walk)
    case 'RelationalNode':
      return refuseChain(node.params, walk)
    default:
      throw unexpected(walk.tokens[walk.next])
  }
}

function convertParentheses(content: MathNode, walk: Walk): Formula {
  take(walk)
  const formula = convert(content, walk)
  take(walk)
  return formula
}

function convertOperator(args: readonly MathNode[], walk: Walk): Formula {
  if (args.length === 1) {
    const { text } = take(walk)
    return { kind: text === 'not' ? 'not' : 'negate', operand: convert(args[0], walk) }
  }
  const left = convert(args[0], walk)
  const token = take(walk)
  if (!isBinaryOperator(token.text)) throw unexpected(token)
  return { kind: 'binary', operator: token.text, left, right: convert(args[1], walk) }
}

function convertCall(args: readonly MathNode[], walk: Walk): Formula {
  const token = take(walk)
  if (!isFormulaFunction(token.text)) throw unexpected(token)
  const name = token.text
  take(walk)
  const operands: Formula[] = []
  for (const arg of args) {
    operands.push(convert(arg, walk))
    take(walk)
  }
  if (name === 'abs' && operands.length !== 1) throw wrongCount(token, 'takes one value', 'abs(a)')
  if (name !== 'abs' && operands.length < 2) throw wrongCount(token, 'takes two values or more', `${name}(a, b)`)
  return { kind: 'call', name, operands }
}

function refuseChain(params: readonly MathNode[], walk: Walk): Formula {
  convert(params[0], walk)
  const first = take(walk)
  convert(params[1], walk)
  const second = take(walk)
  throw new Refused(
    formulaFailure(
      second.offset,
      `"${second.text}" follows another comparison`,
      `join comparisons: a ${first.text} b and b ${second.text} c`,
    ),
  )
}

function take(walk: Walk): FormulaToken {
  const token = walk.tokens[walk.next]
  walk.next += 1
  return token
}

function wrongCount({ text, offset }: FormulaToken, wanted: string, example: string): Refused {
  return new Refused(formulaFailure(offset, `"${text}" ${wanted}`, `write ${example}`))
}

function unexpected({ text, offset }: FormulaToken): Refused {
  return new Refused(
    formulaFailure(offset, `"${text}" does not belong into a formula`, 'use arithmetic, comparisons, and/or/not'),
  )
}

const binaryOperators: ReadonlySet<string> = new Set<BinaryOperator>([
  ...(['+', '-', '*', '/'] as const),
  ...(['<', '<=', '>', '>=', '==', '!='] as const),
  ...(['and', 'or'] as const),
])

function isBinaryOperator(text: string): text is BinaryOperator {
  return binaryOperators.has(text)
}
