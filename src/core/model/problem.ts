import type { ProblemCode } from './problem-codes.ts'
import { showableText } from './showable-text.ts'

/** Something wrong in a file a person wrote, with the place and what to do about it. */
export interface Problem {
  /** From the catalogue in `problem-codes.ts`. */
  readonly code: ProblemCode
  readonly severity: 'error' | 'warning'
  readonly at: Place
  readonly message: string
  readonly hint?: string
}

/** Where something stands in a file. */
export interface Place {
  readonly file: string
  /** From 1; 0 when the problem is the file as a whole. */
  readonly line: number
  /** From 1; 0 when the problem is the file as a whole. */
  readonly column: number
  /** JSON pointer inside the document. */
  readonly path?: string
}

/** Whether a problem keeps what it is about from being used; the others are warnings. */
export function isError({ severity }: Pick<Problem, 'severity'>): boolean {
  return severity === 'error'
}

/** The form every command prints: `file:line:column: CODE message` and the hint on its own line. */
export function formatProblem({ code, severity, at, message, hint }: Problem): string {
  const place = at.line > 0 ? `${at.file}:${at.line}:${at.column}` : at.file
  const head = `${place}: ${code} ${severity === 'warning' ? 'warning: ' : ''}${message}`
  const text = hint === undefined ? head : `${head}\n    hint: ${hint}`
  return text.split('\n').map(showableText).join('\n')
}
