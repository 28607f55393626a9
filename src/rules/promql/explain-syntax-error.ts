/** What to tell somebody whose PromQL the grammar does not accept, and at which character. */
export interface SyntaxErrorExplanation {
  readonly cause: 'syntax' | 'unknown-function'
  readonly offset: number
  readonly message: string
  readonly hint: string
}

const readPromql = 'what is accepted is the PromQL of Prometheus 3'
const called = /([a-zA-Z_:][\w:]*)\s*$/
const word = /[\w:]+|[^]/uy
const space = /\s+/y
const opaque = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|`[^`]*`?|#[^\n]*/g
const closers: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

/** Explains why nothing could be made of the text from this character on. */
export function explainSyntaxError(text: string, errorOffset: number): SyntaxErrorExplanation {
  const offset = errorOffset + match(space, text, errorOffset).length
  if (offset >= text.length) return explainEnd(text)
  const caller = text[offset] === '(' ? called.exec(text.slice(Math.max(0, offset - 200), offset)) : null
  if (caller !== null) {
    const hint = 'VictoriaMetrics knows functions of its own, which Prometheus does not'
    const message = `there is no function "${caller[1]}" in PromQL`
    return { cause: 'unknown-function', offset: offset - caller[0].length, message, hint }
  }
  const found = match(word, text, offset)
  if (found === '`') return syntax(offset, 'the string that begins with ` does not end', 'end it with `')
  const hint = '“”„‘’'.includes(found) ? 'use straight quotes: "' : readPromql
  return syntax(offset, `${JSON.stringify(found)} cannot stand here`, hint)
}

function explainEnd(text: string): SyntaxErrorExplanation {
  if (text.trim() === '') return syntax(0, 'there is no expression', 'write PromQL')
  const open = lastUnclosed(text)
  if (open === undefined) return syntax(text.trimEnd().length, 'the expression ends too early', readPromql)
  const bracket = text[open]
  return syntax(open, `this "${bracket}" is not closed`, `close it with "${closers.get(bracket) ?? ''}"`)
}

/** Where the innermost bracket stands that is open at the end, strings and comments aside. */
function lastUnclosed(text: string): number | undefined {
  const open: number[] = []
  const bare = text.replaceAll(opaque, (found) => ' '.repeat(found.length))
  for (let at = 0; at < bare.length; at += 1) {
    const character = bare[at]
    if (closers.has(character)) open.push(at)
    else if (character === closers.get(bare[open.at(-1) ?? 0])) open.pop()
  }
  return open.at(-1)
}

function syntax(offset: number, message: string, hint: string): SyntaxErrorExplanation {
  return { cause: 'syntax', offset, message, hint }
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
