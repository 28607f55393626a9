import type { Problem } from '../core/model/problem.ts'

/** A problem as the workflow command that makes GitHub show it at its line of a pull request. */
export function githubAnnotation({ code, severity, at, message, hint }: Problem): string {
  const place = at.line > 0 ? `,line=${at.line},col=${at.column}` : ''
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`
  return `::${severity} file=${property(at.file)}${place},title=${property(code)}::${data(text)}`
}

/** A property ends at a comma and a command at a line break, so both are written as GitHub's runner reads them. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
