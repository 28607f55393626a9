import { dailyCountsKeptMs } from '../../core/model/limits.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { SloLint } from './slo-lint.ts'
import { describeWindow, longestWindowMs } from './window-lengths.ts'

/** A window that reaches further back than history is kept. */
export const beyondRetention: SloLint = ({ draft, options }) => {
  const { window } = draft.slo
  const { retentionMs = dailyCountsKeptMs } = options
  if (longestWindowMs(window) <= retentionMs) return []
  return [
    {
      code: 'RULE_BEYOND_RETENTION',
      severity: 'warning',
      path: ['spec', 'window'],
      message: `${describeWindow(window)} reaches further back than history is kept, which is ${formatDuration(retentionMs)}`,
      hint: 'take a shorter window, or keep history for longer',
    },
  ]
}
