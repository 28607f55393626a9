import type { SyntaxNode } from '@lezer/common'
import type { FlowRefusal, Grouping } from './counter-flow.ts'
import { groupingLabels } from './grouping-labels.ts'

/**
 * Whether the modifiers of a binary expression (`on`, `ignoring`, `group_left`, `fill`) change which series meet, where
 * both sides are grouped like this. Undefined when they say only what holds anyway.
 */
export function matchingFault(node: SyntaxNode, text: string, { labels }: Grouping): FlowRefusal | undefined {
  const clause = node.getChild('MatchingModifierClause')
  if (clause !== null) {
    if (clause.getChild('GroupLeft') !== null || clause.getChild('GroupRight') !== null) {
      return refused(clause, 'group_left and group_right use events of one side several times')
    }
    const named = groupingLabels(clause, text)
    const isOn = clause.getChild('On') !== null
    const isHarmless = [...labels].every((label) => named.has(label) === isOn)
    if (!isHarmless)
      return refused(clause, `${isOn ? 'on' : 'ignoring'}(…) matches groups by some of their labels only`)
  }
  return fillFault(node.getChild('FillModifier'), text)
}

/** Filling with 0 is what counting does anyway. */
function fillFault(modifier: SyntaxNode | null, text: string): FlowRefusal | undefined {
  for (let clause = modifier?.firstChild ?? null; clause !== null; clause = clause.nextSibling) {
    const number = clause.getChild('NumberDurationLiteral')
    if (number === null || Number(text.slice(number.from, number.to)) === 0) continue
    return refused(clause, 'missing series are filled with a number other than 0')
  }
  return undefined
}

function refused({ from }: SyntaxNode, reason: string): FlowRefusal {
  return { kind: 'refused', reason, offset: from }
}
