import type { AlertPolicy, AlertRule } from '../../../src/core/model/slo.ts'
import type { DurationMs } from '../../../src/core/model/units.ts'
import { formatDuration } from '../../../src/core/time/duration.ts'
import { evidenceContent } from './evidence-content.ts'
import { exactDecimal, exactPercent } from './exact-decimal.ts'
import type { Content } from './slo-content.ts'

/** The spec of an alert policy, without what is so by itself. */
export function policyContent({ rules, forMs, keepFiringForMs, evidence }: AlertPolicy): Content {
  return {
    rules: rules.map(ruleContent),
    for: unlessZero(forMs),
    keepFiringFor: unlessZero(keepFiringForMs),
    evidence: evidenceContent(evidence),
  }
}

function ruleContent({ severity, longMs, shortMs, threshold }: AlertRule): Content {
  const windows = { severity, long: formatDuration(longMs), short: formatDuration(shortMs) }
  if ('budgetShare' in threshold) return { ...windows, budget: `${exactPercent(threshold.budgetShare)}%` }
  const text = exactDecimal(threshold.burnRate)
  return { ...windows, burnRate: String(Number(text)) === text ? Number(text) : text }
}

function unlessZero(duration: DurationMs): string | undefined {
  return duration === 0 ? undefined : formatDuration(duration)
}
