/**
 * The document of a YAML file that holds a line, counted from 1, without the lines that part documents: comments, order and
 * spelling are as they were written. A JSON file is one document.
 */
export function documentText(fileText: string, line: number): string {
  const lines = fileText.split(/\r?\n/)
  const before = lines.slice(0, Math.max(0, line - 1)).findLastIndex((text) => isBoundary(text))
  const after = lines.findIndex((text, index) => index >= line && isBoundary(text))
  const own = lines.slice(before + 1, after < 0 ? lines.length : after)
  return `${own.join('\n').trim()}\n`
}

/** Where one document ends and another begins; within a document no line can begin so. */
function isBoundary(text: string): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text)
}
