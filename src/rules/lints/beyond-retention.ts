import { formatDuration } from '../../core/time/duration.ts'
import type { SloLint } from './slo-lint.ts'
import { describeWindow, longestWindowMs } from './window-lengths.ts'

/** A window that reaches further back than history is kept, where it is known how far that is. */
export const beyondRetention: SloLint = ({ draft, options }) => {
  const { window } = draft.slo
  const { retentionMs = Number.POSITIVE_INFINITY } = options
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
