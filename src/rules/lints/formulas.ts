import type { Formula } from '../../core/model/formula.ts'
import type { Indicator } from '../../core/model/indicator.ts'
import { isLinear, signalsUsed } from '../../core/sli/check-formula-linear.ts'
import { indicatorPath, type SloLint } from './slo-lint.ts'

/** Signals that are counted and that no formula uses. */
export const unusedSignals: SloLint = ({ draft, document }) => {
  const { indicator } = draft.slo
  if (indicator.kind !== 'events' && indicator.kind !== 'slices') return []
  const used = new Set(formulasOf(indicator).flatMap((formula) => [...signalsUsed(formula)]))
  const kind = indicator.kind === 'slices' ? 'timeSlices' : 'expression'
  return indicator.signals
    .filter((_, signal) => !used.has(signal))
    .map(({ name }) => {
      const path = [...indicatorPath, kind, 'signals', name]
      const message = `the signal "${name}" is counted and no formula uses it`
      const hint = 'use it, or remove it'
      return { code: 'RULE_UNUSED_SIGNAL', severity: 'warning', path, place: document.placeOfKey(path), message, hint }
    })
}

/** Formulas whose value over several regions or days is not the sum of their values over each. */
export const notAdditive: SloLint = ({ draft, document }) => {
  const { indicator } = draft.slo
  if (indicator.kind !== 'events') return []
  const expression = [...indicatorPath, 'expression']
  const counted = document.at([...expression, 'good']) === undefined ? 'bad' : 'good'
  const formulas = [
    [counted, indicator.bad],
    ['total', indicator.total],
  ] as const
  // Good is what is left of the total, so that a total that is wrong makes both wrong: it is named once.
  const wrong = formulas.toReversed().find(([, formula]) => !isLinear(formula))
  if (wrong === undefined) return []
  const [key] = wrong
  return [
    {
      code: 'RULE_NOT_ADDITIVE',
      severity: 'warning',
      path: [...expression, key],
      message: `"${key}" is no weighted sum of its signals: over two regions or days it is not the sum of what it is over each`,
      hint: 'use + and - of signals and factors; what falls below zero counts as zero without max()',
    },
  ]
}

function formulasOf(indicator: Indicator): readonly Formula[] {
  if (indicator.kind === 'events') return [indicator.bad, indicator.total]
  return indicator.kind === 'slices' ? [indicator.good] : []
}
