/**
 * A text whose placeholders for the window are durations, character for character as long as it was, so that every place
 * in it is the same place in what the author wrote.
 */
export type FilledText =
  | { readonly kind: 'filled'; readonly text: string; readonly windows: readonly WindowPlaceholder[] }
  | { readonly kind: 'failed'; readonly offset: number; readonly message: string; readonly hint: string }

/** Where a placeholder stands; the end is the first character after it. */
export interface WindowPlaceholder {
  readonly from: number
  readonly to: number
}

/** Any duration does: the query is never asked with it. */
const standIn = '5m'
const templates = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|`[^`]*`?|#[^\n]*|\{\{[^{}]*\}\}|\$\{\w+\}|\$\w+/g
const windowTemplate = /^(?:\{\{-?\s*\.window\s*-?\}\}|\$window|\$\{window\})$/
const windowInString = /\{\{-?\s*\.window\s*-?\}\}|\$window\b|\$\{window\}/g

/** Puts a duration where `{{.window}}`, `$window` or `${window}` stands; any other template is refused. */
export function fillWindow(source: string): FilledText {
  const windows: WindowPlaceholder[] = []
  let text = ''
  let copied = 0
  for (const match of source.matchAll(templates)) {
    const [found] = match
    const from = match.index
    if ('"\'`'.includes(found[0])) windows.push(...windowsInString(found, from))
    else if (windowTemplate.test(found)) {
      windows.push({ from, to: from + found.length })
      text += source.slice(copied, from) + standIn.padEnd(found.length)
      copied = from + found.length
    } else if (found[0] !== '#') return refused(found, from)
  }
  return { kind: 'filled', text: text + source.slice(copied), windows }
}

/** Strings keep what they say; that they name the window is remembered. */
function windowsInString(text: string, from: number): WindowPlaceholder[] {
  return [...text.matchAll(windowInString)].map((match) => ({
    from: from + match.index,
    to: from + match.index + match[0].length,
  }))
}

function refused(found: string, offset: number): FilledText {
  const isGrafana = found[0] === '$'
  return {
    kind: 'failed',
    offset,
    message: `${found} is a ${isGrafana ? 'variable' : 'template'} that nobody fills in here`,
    hint: `write its value; for the window write ${isGrafana ? '$window' : '{{.window}}'}`,
  }
}
