import type { ReadDocument } from '../read-document.ts'
import { trafficOf } from './one-failure-breaks.ts'
import type { LintedSlo } from './slo-lint.ts'

/** Reports what a right document allows and does not hold; everything else must have been reported before. */
export function reportUnusedAllowances(
  { document, allowed, problems }: Pick<ReadDocument, 'document' | 'allowed' | 'problems'>,
  slo?: Pick<LintedSlo, 'draft' | 'options'>,
): void {
  for (const code of allowed) {
    // Another check may know how much traffic there is.
    const wasLookedFor = code !== 'RULE_ONE_FAILURE_BREAKS' || slo === undefined || trafficOf(slo) !== undefined
    if (problems.hasUsed(code) || !wasLookedFor) continue
    const path = ['spec', 'allow', code]
    const message = `${code} is allowed, and there is no such problem here`
    const place = document.placeOfKey(path)
    problems.reportEach({ code: 'RULE_ALLOW_UNUSED', severity: 'warning', path, place, message, hint: 'remove it' })
  }
}
