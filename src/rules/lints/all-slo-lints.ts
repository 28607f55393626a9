import { alertWindows } from './alert-windows.ts'
import { badInTotal } from './bad-in-total.ts'
import { beyondRetention } from './beyond-retention.ts'
import { combineHidesWorst } from './combine-hides-worst.ts'
import { notAdditive, unusedSignals } from './formulas.ts'
import { oneFailure } from './one-failure-breaks.ts'
import { sliceStep } from './slice-step.ts'
import type { SloLint } from './slo-lint.ts'
import { takenLabels } from './taken-labels.ts'
import { unreachablePolicy } from './unreachable-policy.ts'
import { unstableGrouping } from './unstable-grouping.ts'

/** Everything that is looked for in an SLO that is right by itself. */
export const sloLints: readonly SloLint[] = [
  alertWindows,
  unreachablePolicy,
  takenLabels,
  oneFailure,
  beyondRetention,
  badInTotal,
  unusedSignals,
  notAdditive,
  combineHidesWorst,
  sliceStep,
  unstableGrouping,
]
