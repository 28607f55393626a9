import type { BinaryOperator, Formula } from '../../core/model/formula.ts'
import { indicatorPath, type SloLint } from './slo-lint.ts'

/** A gauge of several series of which the best decides. */
export const combineHidesWorst: SloLint = ({ draft, document }) => {
  const { indicator } = draft.slo
  if (indicator.kind !== 'threshold') return []
  const { combine, good } = indicator
  const wanted = directionOf(good)
  const isHidden = (wanted === 'large' && combine === 'max') || (wanted === 'small' && combine === 'min')
  if (!isHidden) return []
  const path = [...indicatorPath, 'threshold', 'combine']
  const isWritten = document.at(path) !== undefined
  const best = combine === 'max' ? 'largest' : 'smallest'
  return [
    {
      code: 'RULE_COMBINE_HIDES_WORST',
      severity: 'warning',
      path: isWritten ? path : [...indicatorPath, 'threshold', 'good'],
      message: `a ${wanted} value is good here, and of several series the ${best} is taken${isWritten ? '' : ' where "combine" is not given'}: one good series hides the bad ones`,
      hint: `write combine: ${combine === 'max' ? 'min' : 'max'}`,
    },
  ]
}

type Direction = 'small' | 'large'

/** Whether small or large values meet the condition; undefined when it is both or neither. */
function directionOf(formula: Formula): Direction | undefined {
  if (formula.kind === 'not') return opposite(directionOf(formula.operand))
  if (formula.kind !== 'binary') return undefined
  const { operator, left, right } = formula
  if (operator === 'and' || operator === 'or') {
    const direction = directionOf(left)
    return direction === directionOf(right) ? direction : undefined
  }
  const direction = smallOrLarge(operator)
  if (left.kind === 'signal' && right.kind === 'number') return direction
  return left.kind === 'number' && right.kind === 'signal' ? opposite(direction) : undefined
}

function smallOrLarge(operator: BinaryOperator): Direction | undefined {
  if (operator === '<' || operator === '<=') return 'small'
  return operator === '>' || operator === '>=' ? 'large' : undefined
}

function opposite(direction: Direction | undefined): Direction | undefined {
  if (direction === undefined) return undefined
  return direction === 'small' ? 'large' : 'small'
}
