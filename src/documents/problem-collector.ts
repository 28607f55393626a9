import type { Place, Problem } from '../core/model/problem.ts'
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

/** Collects what is wrong with one document. */
export interface ProblemCollector {
  readonly problems: readonly Problem[]
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

/** A collector for a document that allows problems with the codes given. */
export function problemCollector(
  document: SourceDocument,
  allowed: ReadonlySet<ProblemCode> = new Set(),
): ProblemCollector {
  const byKey = new Map<string, Problem>()
  const used = new Set<ProblemCode>()
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
    report: (finding) => keep(JSON.stringify(finding.path), finding),
    reportEach: (finding) => void keep(JSON.stringify([finding.path, finding.message]), finding),
    hasErrors: () => [...byKey.values()].some(({ severity }) => severity === 'error'),
    hasUsed: (code) => used.has(code),
  }
}
