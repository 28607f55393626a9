import { isError, type Place, type Problem } from '../core/model/problem.ts'
import type { ProblemCode } from '../core/model/problem-codes.ts'
import type { Path, SourceDocument } from './source-document.ts'

/** Something wrong at one path of a document. */
export interface Finding {
  readonly code: ProblemCode
  readonly path: Path
  readonly message: string
  readonly hint?: string | undefined
  /** An error when absent. */
  readonly severity?: Problem['severity']
  /** Shown at the key that the path ends with: the key is what is wrong. */
  readonly atKey?: boolean
  /** Where exactly; at the value when absent. */
  readonly place?: Place
}

/** What a collector has noted, as it can be written down. */
export interface NotedProblems {
  /** By what they are about. */
  readonly byKey: ReadonlyMap<string, Problem>
  /** Codes of which something was found, and allowed. */
  readonly used: ReadonlySet<ProblemCode>
}

const nothingNoted: NotedProblems = { byKey: new Map(), used: new Set() }

/** Collects what is wrong with one document. */
export interface ProblemCollector {
  readonly problems: readonly Problem[]
  /** What was noted until now, for another collector to go on with. */
  noted(): NotedProblems
  /**
   * Keeps one problem per path, the first reported: what follows at the same path is the same mistake seen again. False
   * when the document allows the problem, so that the value can be used.
   */
  report(finding: Finding): boolean
  /** Keeps every problem: what does not go together may have several reasons at one path. */
  reportEach(finding: Finding): void
  hasErrors(): boolean
  /** Whether something was found that the document allows. */
  hasUsed(allowed: ProblemCode): boolean
}

/** A collector for a document that allows problems with the codes given; it goes on where another left off. */
export function problemCollector(
  document: SourceDocument,
  allowed: ReadonlySet<ProblemCode> = new Set(),
  noted: NotedProblems = nothingNoted,
): ProblemCollector {
  const byKey = new Map(noted.byKey)
  const used = new Set(noted.used)
  const keep = (
    key: string,
    { code, path, message, hint, severity = 'error', atKey = false, place }: Finding,
  ): boolean => {
    if (allowed.has(code)) {
      used.add(code)
      return false
    }
    const at = place ?? (atKey ? document.placeOfKey(path) : document.placeOf(path))
    if (!byKey.has(key)) byKey.set(key, { code, severity, at, message, ...(hint === undefined ? {} : { hint }) })
    return true
  }
  return {
    get problems() {
      return [...byKey.values()]
    },
    noted: () => (byKey.size + used.size === 0 ? nothingNoted : { byKey: new Map(byKey), used: new Set(used) }),
    report: (finding) => keep(JSON.stringify(finding.path), finding),
    reportEach: (finding) => void keep(JSON.stringify([finding.path, finding.message]), finding),
    hasErrors: () => [...byKey.values()].some(isError),
    hasUsed: (code) => used.has(code),
  }
}
