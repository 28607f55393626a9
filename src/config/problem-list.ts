import { isError, type Problem } from '../core/model/problem.ts'
import type { Finding as PathFinding } from '../documents/problem-collector.ts'
import type { LocatedYaml } from './located-yaml.ts'

/** Something wrong at a JSON pointer of the config. */
export interface Finding extends Pick<PathFinding, 'code' | 'message' | 'hint' | 'severity' | 'atKey'> {
  readonly pointer: string
}

/** Everything wrong with one config, with its places. */
export interface ProblemList {
  readonly problems: readonly Problem[]
  /** Only the first report at a pointer counts: what follows there is the same mistake seen again. */
  report(finding: Finding): void
  /** Nothing more is reported at this pointer: its value cannot be judged here. */
  settle(pointer: string): void
  readonly hasErrors: boolean
}

/** Begins with what was wrong with the YAML itself. */
export function problemList(document: LocatedYaml): ProblemList {
  const problems: Problem[] = [...document.problems]
  const settled = new Set<string>()
  return {
    get problems() {
      return problems.toSorted(({ at: a }, { at: b }) => a.line - b.line || a.column - b.column)
    },
    report: ({ code, pointer, message, hint, severity = 'error', atKey = false }) => {
      if (settled.has(pointer)) return
      settled.add(pointer)
      const at = atKey ? document.keyPlaceOf(pointer) : document.placeOf(pointer)
      problems.push({ code, severity, at, message, ...(hint === undefined ? {} : { hint }) })
    },
    settle: (pointer) => void settled.add(pointer),
    get hasErrors() {
      return problems.some(isError)
    },
  }
}
