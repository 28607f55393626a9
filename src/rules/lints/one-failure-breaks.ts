import { errorBudget } from '../../core/budget/burn-rate.ts'
import { compare, multiply, one, type Rational, rational } from '../../core/model/rational.ts'
import { globalScope } from '../../core/model/slo.ts'
import { roundedUp } from './rounded-up.ts'
import type { LintedSlo, SloLint } from './slo-lint.ts'
import { describeWindow, shortestWindowMs } from './window-lengths.ts'

/** Whether one failure among so many events in the SLO window is more than the objective allows. */
function oneFailureBreaks(objective: Rational, eventsInWindow: Rational): boolean {
  return compare(multiply(errorBudget(objective), eventsInWindow), one) < 0
}

/** An objective that one failure breaks at the traffic given or seen, or one bad slice among the slices of the window. */
export const oneFailure: SloLint = (linted) => {
  const { slo, objectivePath } = linted.draft
  const { indicator, window } = slo
  const traffic = trafficOf(linted)
  if (traffic === undefined) return []
  const windowMs = rational(BigInt(shortestWindowMs(window)), 1n)
  const objective = slo.regions.objectives.get(traffic.scope) ?? slo.objective
  const events = multiply(traffic.perMs, windowMs)
  if (!oneFailureBreaks(objective, events)) return []
  const isSlices = indicator.kind === 'slices'
  const what = isSlices ? 'slice' : 'event'
  return [
    {
      code: 'RULE_ONE_FAILURE_BREAKS',
      severity: 'warning',
      path: objectivePath,
      message: `one bad ${what} alone breaks the objective${traffic.where}: in ${describeWindow(window)} there are ${roundedUp(events)} ${what}s, of which ${roundedUp(multiply(errorBudget(objective), events))} may be bad`,
      hint: isSlices
        ? 'take shorter slices, a lower objective or a longer window'
        : 'take a lower objective or a longer window, or count something more frequent',
    },
  ]
}

interface Traffic {
  readonly perMs: Rational
  readonly scope: string
  /** How it is known, as part of a sentence. */
  readonly where: string
}

/** What the rule says of its traffic counts for more than what was seen of it. */
export function trafficOf({ draft, options }: Pick<LintedSlo, 'draft' | 'options'>): Traffic | undefined {
  const { slo, traffic } = draft
  const { kind } = slo.indicator
  if (kind === 'slices') return { perMs: rational(1n, BigInt(slo.indicator.sliceMs)), scope: globalScope, where: '' }
  if (kind === 'threshold' || kind === 'composite') return undefined
  if (traffic !== undefined) return { perMs: traffic, scope: globalScope, where: ' at the traffic given' }
  const seen = options.seenTraffic?.get(slo.name)
  if (seen === undefined) return undefined
  const { perMs, scope, group } = seen
  const place = [scope === globalScope ? '' : `in ${scope}`, group === '' ? '' : `for ${group}`].filter(
    (part) => part !== '',
  )
  return { perMs, scope, where: [' at the traffic seen', ...place].join(' ') }
}
