/** A quoted string that ends: its value and where the text goes on. Offsets of failures are into the whole text. */
export type QuotedString =
  | { readonly kind: 'read'; readonly value: string; readonly end: number }
  | { readonly kind: 'failed'; readonly offset: number; readonly message: string }

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
])
const byteEscape = /\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))/y
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const mustBeEscaped = /[\u0000-\u001f\u007f"\\]/g
const runeEscape = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y

/** Reads the PromQL string that begins at `start` with one of the three quotes; escapes are those of Go. */
export function readQuoted(text: string, start: number): QuotedString {
  const quote = text[start]
  if (quote === '`') return readRaw(text, start)
  let value = ''
  let at = start + 1
  while (text[at] !== quote) {
    if (at >= text.length || text[at] === '\n')
      return failed(start, `the string that begins with ${quote} does not end`)
    if (text[at] !== '\\') {
      value += text[at]
      at += 1
      continue
    }
    const escape = readEscape(text, at, quote)
    if (escape.kind === 'failed') return escape
    value += escape.value
    at = escape.end
  }
  return { kind: 'read', value, end: at + 1 }
}

/** Writes text as a double-quoted PromQL string. */
export function quoteText(value: string): string {
  return `"${value.replaceAll(mustBeEscaped, escapeCharacter)}"`
}

/** A regular expression that accepts exactly these texts. */
export function anyOf(texts: readonly string[]): string {
  return texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character === '\n') return '\\n'
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function readRaw(text: string, start: number): QuotedString {
  const end = text.indexOf('`', start + 1)
  if (end < 0) return failed(start, 'the string that begins with ` does not end')
  return { kind: 'read', value: text.slice(start + 1, end), end: end + 1 }
}

function readEscape(text: string, at: number, quote: string | undefined): QuotedString {
  const letter = text[at + 1] ?? ''
  const simple = letter === quote ? quote : simpleEscapes.get(letter)
  if (simple !== undefined) return { kind: 'read', value: simple, end: at + 2 }
  runeEscape.lastIndex = at
  const rune = runeEscape.exec(text)
  if (rune !== null) return readRune(Number.parseInt(rune[1] ?? rune[2] ?? '', 16), at, runeEscape.lastIndex)
  return readBytes(text, at)
}

function readRune(code: number, at: number, end: number): QuotedString {
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  if (!isCharacter) return failed(at, 'this escape is not a Unicode character')
  return { kind: 'read', value: String.fromCodePoint(code), end }
}

/** Escapes such as \xe4 are bytes, and several of them in a row make one UTF-8 character. */
function readBytes(text: string, start: number): QuotedString {
  let percentEncoded = ''
  let at = start
  for (;;) {
    byteEscape.lastIndex = at
    const match = byteEscape.exec(text)
    if (match === null) break
    const byte = match[1] === undefined ? Number.parseInt(match[2] ?? '', 8) : Number.parseInt(match[1], 16)
    percentEncoded += `%${byte.toString(16).padStart(2, '0')}`
    at = byteEscape.lastIndex
  }
  if (at === start) return failed(start, `"\\${text[start + 1] ?? ''}" is not an escape that PromQL knows`)
  try {
    return { kind: 'read', value: decodeURIComponent(percentEncoded), end: at }
  } catch {
    return failed(start, 'these byte escapes are not UTF-8')
  }
}

function failed(offset: number, message: string): QuotedString {
  return { kind: 'failed', offset, message }
}
