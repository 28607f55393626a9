/**
 * Text for a place where Slack reads formatting, at most `charactersMax` after escaping and never cut inside an escape. `&`, `<`
 * and `>` are escaped, which disarms mentions and links; a word joiner keeps `*`, `_`, `~` and backticks from formatting.
 */
export function inert(text: string, charactersMax: number): string {
  let escaped = ''
  for (const character of text.replace(/`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])/g, '\u2060$&')) {
    const next = entities[character] ?? character
    if (escaped.length + next.length >= charactersMax) return `${escaped}…`
    escaped += next
  }
  return escaped
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
