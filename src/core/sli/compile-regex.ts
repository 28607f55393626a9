import { RE2JS, RE2JSSyntaxException } from 're2js'
import { compiledPatternsMax } from '../model/limits.ts'

/** A regular expression that must match the whole text, as in PromQL, in time linear in the text. */
export type CompiledRegex =
  | {
      readonly kind: 'compiled'
      readonly matches: (text: string) => boolean
      /** All texts that match, where the pattern is a plain list of them such as `GET|POST`. */
      readonly literals: readonly string[] | undefined
    }
  | { readonly kind: 'failed'; readonly reason: string }

const compiled = new Map<string, CompiledRegex>()

/** Compiles a pattern with RE2 syntax and meaning; as in Prometheus 3 the dot matches line breaks too. */
export function compileRegex(pattern: string): CompiledRegex {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const regex = compile(pattern)
  if (compiled.size >= compiledPatternsMax) compiled.clear()
  compiled.set(pattern, regex)
  return regex
}

function compile(pattern: string): CompiledRegex {
  if (pattern === '.*') return { kind: 'compiled', matches: () => true, literals: undefined }
  if (pattern === '.+') return { kind: 'compiled', matches: (text) => text !== '', literals: undefined }
  const literals = literalsOf(pattern)
  if (literals !== undefined) {
    const accepted = new Set(literals)
    return { kind: 'compiled', matches: (text) => accepted.has(text), literals }
  }
  return compileWithRe2(pattern)
}

function compileWithRe2(pattern: string): CompiledRegex {
  try {
    const regex = RE2JS.compile(pattern, RE2JS.DOTALL)
    return { kind: 'compiled', matches: (text) => regex.testExact(text), literals: undefined }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { kind: 'failed', reason: reasonOf(error) }
  }
}

function reasonOf(error: Error): string {
  if (!(error instanceof RE2JSSyntaxException)) return error.message
  // The library puts the flag for the dot before the pattern, which the author of the pattern never wrote.
  const place = error.input?.replace(/^\(\?s\)/, '') ?? ''
  return place === '' ? error.error : `${error.error}: ${place}`
}

/** The alternatives of `a|b|c`, `(a|b)` or `(?:a|b)` when nothing in them has a special meaning. */
function literalsOf(pattern: string): readonly string[] | undefined {
  const group = /^\((?:\?:)?([^()]*)\)$/.exec(pattern)
  const alternatives: string[] = ['']
  for (const [piece, escaped] of (group?.[1] ?? pattern).matchAll(/\\([^])|[^]/g)) {
    const isPlain = escaped === undefined ? !'\\.+*?()[]{}^$|'.includes(piece) : /[!-/:-@[-`{-~]/.test(escaped)
    if (isPlain) alternatives[alternatives.length - 1] += escaped ?? piece
    else if (piece === '|') alternatives.push('')
    else return undefined
  }
  return alternatives
}
