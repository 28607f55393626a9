import { errorBudget } from '../../core/budget/burn-rate.ts'
import { compare, multiply, one, type Rational, rational } from '../../core/model/rational.ts'
import { roundedUp } from './rounded-up.ts'
import type { SloLint } from './slo-lint.ts'
import { describeWindow, shortestWindowMs } from './window-lengths.ts'

/** Whether one failure among so many events in the SLO window is more than the objective allows. */
export function oneFailureBreaks(objective: Rational, eventsInWindow: Rational): boolean {
  return compare(multiply(errorBudget(objective), eventsInWindow), one) < 0
}

/** An objective that one failure breaks at the traffic given, or one bad slice among the slices of the window. */
export const oneFailure: SloLint = ({ draft }) => {
  const { slo, traffic, objectivePath } = draft
  const { indicator, objective, window } = slo
  const windowMs = rational(BigInt(shortestWindowMs(window)), 1n)
  const isSlices = indicator.kind === 'slices'
  const rate = isSlices ? rational(1n, BigInt(indicator.sliceMs)) : traffic
  if (rate === undefined || indicator.kind === 'threshold' || indicator.kind === 'composite') return []
  const events = multiply(rate, windowMs)
  if (!oneFailureBreaks(objective, events)) return []
  const what = isSlices ? 'slice' : 'event'
  return [
    {
      code: 'RULE_ONE_FAILURE_BREAKS',
      severity: 'warning',
      path: objectivePath,
      message: `one bad ${what} alone breaks the objective: in ${describeWindow(window)} there are ${roundedUp(events)} ${what}s, of which ${roundedUp(multiply(errorBudget(objective), events))} may be bad`,
      hint: isSlices
        ? 'take shorter slices, a lower objective or a longer window'
        : 'take a lower objective or a longer window, or count something more frequent',
    },
  ]
}
