import { formulaNestingMax } from '../model/limits.ts'
import { type FormulaFailure, formulaFailure } from './parse-formula-result.ts'
import type { FormulaToken } from './parse-formula-tokens.ts'
import { isFormulaFunction, wordRefusal } from './parse-formula-words.ts'

const writeAnOperand = 'write a signal, a number or something in parentheses'

interface Place {
  readonly tokens: readonly FormulaToken[]
  readonly index: number
  readonly signalNames: readonly string[]
  /** Where a text that stops too early stops. */
  readonly endOffset: number
  /** Parentheses that are open here: those of a call may hold commas. */
  readonly open: readonly FormulaToken[]
  readonly calls: ReadonlySet<FormulaToken>
}

/**
 * Whether values and operators take turns, every name is known and parentheses match. mathjs would take much of what is
 * refused here, but as something else: `2 a` as a product, `a (b)` as a call.
 */
export function formulaOrderFault(
  tokens: readonly FormulaToken[],
  signalNames: readonly string[],
  endOffset: number,
): FormulaFailure | undefined {
  const open: FormulaToken[] = []
  const calls = new Set<FormulaToken>()
  let wantsValue = true
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    const place: Place = { tokens, index, signalNames, endOffset, open, calls }
    const fault = wantsValue ? valueFault(place) : operatorFault(place)
    if (fault !== undefined) return fault
    if (token.kind === 'open') {
      open.push(token)
      if (index > 0 && tokens[index - 1].kind === 'name') calls.add(token)
    }
    if (token.kind === 'close') open.pop()
    wantsValue = wantsValueAfter(token)
  }
  return endFault(tokens, open, endOffset, wantsValue)
}

/** The name of a function wants its parenthesis, which begins a value as well. */
function wantsValueAfter({ kind, text }: FormulaToken): boolean {
  return kind === 'operator' || kind === 'open' || kind === 'comma' || (kind === 'name' && isFormulaFunction(text))
}

function valueFault({ tokens, index, signalNames, open, endOffset }: Place): FormulaFailure | undefined {
  const { kind, text, offset } = tokens[index]
  const before = index === 0 ? undefined : tokens[index - 1]
  if (before?.kind === 'name' && kind !== 'open') return missingParenthesis(before, offset)
  if (kind === 'number') return undefined
  if (kind === 'open') return open.length < formulaNestingMax ? undefined : nestingFault(offset)
  if (kind === 'name') return nameFault(tokens, index, signalNames, endOffset)
  if (text === '-' || text === 'not') return undefined
  if (text === '+') return formulaFailure(offset, 'a "+" has nothing before it', 'leave it out')
  if (kind === 'close' && before?.kind === 'open') return emptyParentheses(tokens, index)
  if (before === undefined) return formulaFailure(offset, `there is nothing before "${text}"`, writeAnOperand)
  return formulaFailure(offset, `there is nothing between "${before.text}" and "${text}"`, writeAnOperand)
}

function nameFault(
  tokens: readonly FormulaToken[],
  index: number,
  signalNames: readonly string[],
  endOffset: number,
): FormulaFailure | undefined {
  const { text, offset } = tokens[index]
  const refusal = wordRefusal(text, signalNames)
  if (refusal !== undefined) return formulaFailure(offset, `"${text}" does not belong into a formula`, refusal)
  const isCall = tokens[index + 1]?.kind === 'open'
  if (isFormulaFunction(text)) {
    const isLast = index === tokens.length - 1
    return isLast ? missingParenthesis(tokens[index], endOffset) : undefined
  }
  const isSignal = signalNames.includes(text)
  if (isCall) {
    const hint = isSignal ? `to multiply write ${text} * (…)` : 'the functions are min, max and abs'
    return formulaFailure(offset, `"${text}" is not a function that a formula may call`, hint)
  }
  if (isSignal) return undefined
  return formulaFailure(offset, `there is no signal "${text}"`, signalsHint(signalNames))
}

function operatorFault({ tokens, index, signalNames, open, calls }: Place): FormulaFailure | undefined {
  const { kind, text, offset } = tokens[index]
  const before = tokens[index - 1]
  if (kind === 'operator' && text !== 'not') return undefined
  if (kind === 'close') {
    if (open.length > 0) return undefined
    return formulaFailure(offset, 'this ")" closes nothing', 'leave it out, or open it with "("')
  }
  if (kind === 'comma') {
    const innermost = open.at(-1)
    if (innermost !== undefined && calls.has(innermost)) return undefined
    return formulaFailure(
      offset,
      '"," stands only between the values of min and max',
      'write numbers with a point: 0.5',
    )
  }
  const refusal = kind === 'name' ? wordRefusal(text, signalNames) : undefined
  if (refusal !== undefined) return formulaFailure(offset, `"${text}" does not belong into a formula`, refusal)
  const isBracket = before.kind === 'close' || kind === 'open'
  const product = isBracket ? 'put a * between them' : `write ${before.text} * ${text}`
  const hint = text === 'not' ? 'write "and not" or "or not"' : `to multiply ${product}`
  return formulaFailure(offset, `there is no operator between "${before.text}" and "${text}"`, hint)
}

function endFault(
  tokens: readonly FormulaToken[],
  open: readonly FormulaToken[],
  endOffset: number,
  wantsValue: boolean,
): FormulaFailure | undefined {
  const last = tokens.at(-1)
  if (last === undefined) return formulaFailure(0, 'there is no formula', writeAnOperand)
  if (wantsValue) return formulaFailure(endOffset, `there is nothing after "${last.text}"`, writeAnOperand)
  const unclosed = open.at(-1)
  return unclosed === undefined
    ? undefined
    : formulaFailure(unclosed.offset, 'this "(" is not closed', 'close it with ")"')
}

function missingParenthesis({ text }: FormulaToken, offset: number): FormulaFailure {
  return formulaFailure(offset, `"(" is missing after "${text}"`, `write ${exampleCall(text)}`)
}

function emptyParentheses(tokens: readonly FormulaToken[], index: number): FormulaFailure {
  const caller = tokens[index - 2]
  const isCall = caller?.kind === 'name'
  const hint = isCall ? `write ${exampleCall(caller.text)}` : writeAnOperand
  return formulaFailure(tokens[index].offset, 'there is nothing between "(" and ")"', hint)
}

function exampleCall(name: string): string {
  return name === 'abs' ? 'abs(a)' : `${name}(a, b)`
}

function nestingFault(offset: number): FormulaFailure {
  return formulaFailure(
    offset,
    `there are more than ${formulaNestingMax} parentheses within each other`,
    'declare what stands deepest as a signal of its own',
  )
}

function signalsHint(signalNames: readonly string[]): string {
  if (signalNames.length === 0) return 'no signals are declared here'
  const shown = signalNames.slice(0, 10)
  const rest = signalNames.length - shown.length
  return `the signals here are ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
