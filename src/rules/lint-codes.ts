import type { ProblemCode } from '../core/model/problem-codes.ts'

/** What an SLO may allow: choices that are nearly always mistakes, and sometimes what is wanted. */
export const sloLintCodes = [
  'RULE_OBJECTIVE_LOOKS_LIKE_RATIO',
  'RULE_SELECTS_EVERYTHING',
  'RULE_BAD_NOT_IN_TOTAL',
  'RULE_UNUSED_SIGNAL',
  'RULE_NOT_ADDITIVE',
  'RULE_COMBINE_HIDES_WORST',
  'RULE_SLICE_STEP',
  'RULE_QUERY_FUNCTION',
  'RULE_UNSTABLE_GROUPING',
  'RULE_NEVER_FIRES',
  'RULE_ONE_FAILURE_BREAKS',
  'RULE_BEYOND_RETENTION',
  'RULE_UNREACHABLE_POLICY',
  'RULE_LABEL_TAKEN',
] as const satisfies readonly ProblemCode[]

/** What an alert policy may allow. */
export const policyLintCodes = [
  'RULE_SHORT_NOT_SHORTER',
  'RULE_UNUSED_POLICY',
] as const satisfies readonly ProblemCode[]

/** What a document allows, and why. */
export type Allowances = ReadonlyMap<LintCode, string>

export type LintCode = (typeof sloLintCodes)[number] | (typeof policyLintCodes)[number]

/** Whether a code is one that a document may allow. */
export function isLintCode(code: string): code is LintCode {
  return [...sloLintCodes, ...policyLintCodes].some((lint) => lint === code)
}
