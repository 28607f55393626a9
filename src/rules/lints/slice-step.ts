import { secondMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { indicatorPath, type SloLint } from './slo-lint.ts'

/** The evaluation interval of an engine config that gives none. */
const standardStepMs = 15 * secondMs

/** Slices that do not begin and end where the engine evaluates. */
export const sliceStep: SloLint = ({ draft, options }) => {
  const { indicator } = draft.slo
  const stepMs = options.evaluationStepMs ?? standardStepMs
  if (indicator.kind !== 'slices' || indicator.sliceMs % stepMs === 0) return []
  const step = formatDuration(stepMs)
  const nearest = formatDuration(Math.max(1, Math.round(indicator.sliceMs / stepMs)) * stepMs)
  return [
    {
      code: 'RULE_SLICE_STEP',
      severity: 'warning',
      path: [...indicatorPath, 'timeSlices', 'slice'],
      message: `a slice of ${formatDuration(indicator.sliceMs)} is no multiple of the evaluation interval ${step}, so that its ends are interpolated`,
      hint: `take ${nearest}, or an evaluation interval that divides it`,
    },
  ]
}
