/**
 * A text as a terminal may be shown it, on one line: names come from series and files that anybody may have written, and a control
 * character among them moves the cursor, hides what stands there or sets the title of the window.
 */
export function showableText(text: string): string {
  return text.replaceAll(unshowable, '\ufffd')
}

/** Control characters, and the marks that turn the direction of text around. */
const unshowable = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu
