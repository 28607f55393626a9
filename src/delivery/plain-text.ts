/**
 * One line without control characters and without the marks that turn the direction of text around: labels come from
 * anywhere, and must not break a header, a log line or the order of what is read.
 */
export function oneLine(text: string): string {
  if (plain.test(text)) return text
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

/** Words of visible ASCII with one blank between them: most texts are, and nothing has to be taken out of those. */
const plain = /^[!-~]+(?: [!-~]+)*$/

/** The text, or its beginning and an ellipsis, at most `lengthMax` UTF-16 units and never half a character. */
export function truncate(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const kept = text.slice(0, lengthMax - 1)
  const last = kept.charCodeAt(kept.length - 1)
  const endsInsidePair = last >= 0xd800 && last <= 0xdbff
  return `${endsInsidePair ? kept.slice(0, -1) : kept}…`
}

/** What a receiver said, fit for a log line and a database: one short line. */
export function asReason(text: string): string {
  return truncate(oneLine(text), 200)
}

/** One line of at most so many characters, of a text of any length. */
export function brief(text: string, charactersMax: number): string {
  return truncate(oneLine(text.slice(0, 2 * charactersMax)), charactersMax)
}
