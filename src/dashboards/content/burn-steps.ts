import { colors } from '../colors.ts'
import type { Step } from '../dashboard.ts'

/** A colour for each burn rate that a rule asks for; the fastest rule has the last. `burnRates` rise. */
export function burnSteps(burnRates: readonly number[]): readonly Step[] {
  const ladder = [colors.info, colors.watch, colors.bad, colors.worst]
  const upper = burnRates.slice(-ladder.length)
  const above = upper.map((from, index) => ({ from, color: ladder[ladder.length - upper.length + index] }))
  return [{ from: null, color: colors.good }, ...above]
}
