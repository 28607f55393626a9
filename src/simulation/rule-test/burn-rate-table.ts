import type { EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { RuleTest } from '../../rules/rule-test/rule-test.ts'
import type { Focus } from './failure.ts'
import type { Observation, RuleReading } from './observation.ts'
import type { Played } from './play-rule-test.ts'
import { shortNumber, since } from './story-words.ts'

/** Steps shown before and after each moment. */
const stepsAround = 2

/** The steps that `burnRateTable` shows. */
export function stepsAroundMoments({ moments }: Focus, { stepMs, start }: RuleTest): EpochMs[] {
  const steps = new Set<EpochMs>()
  for (const { at } of moments) {
    for (let offset = -stepsAround; offset <= stepsAround; offset++) steps.add(at + offset * stepMs)
  }
  return [...steps].filter((at) => at >= start && Number.isFinite(at)).sort((a, b) => a - b)
}

/**
 * The burn rates of every alert rule around some moments, long window before short: where a rule held, where it did not,
 * and what was expected when. Empty where nothing is known of the SLO in that scope.
 */
export function burnRateTable(focus: Focus, test: RuleTest, played: Played): string[] {
  const steps = stepsAroundMoments(focus, test).map((at) => ({
    at,
    seen: played.observation(focus.slo, focus.scope, at),
  }))
  const rules = steps.flatMap(({ seen }) => rulesOf(seen, focus))
  const columns = [...new Map(rules.map((rule) => [heading(rule), rule])).keys()]
  if (columns.length === 0) return []
  const rows = steps.map(({ at, seen }) => [
    since(at, test),
    ...columns.map((column) => cell(rulesOf(seen, focus).find((rule) => heading(rule) === column))),
    seen?.state ?? 'no-data',
    focus.moments
      .filter((moment) => moment.at === at)
      .map(({ mark }) => `<- ${mark}`)
      .join(' '),
  ])
  const title = `burn rates of ${focus.slo} in ${focus.scope}, long/short window:`
  return [title, ...aligned([['', ...columns, 'data', ''], ...rows], steps)]
}

function rulesOf(seen: Observation | undefined, { severity }: Focus): readonly RuleReading[] {
  return (seen?.rules ?? []).filter((rule) => severity === undefined || rule.severity === severity)
}

function heading({ severity, longMs, shortMs, threshold }: RuleReading): string {
  return `${severity} ${formatDuration(longMs)}/${formatDuration(shortMs)} > ${shortNumber(threshold)}`
}

function cell(rule: RuleReading | undefined): string {
  if (rule === undefined) return ''
  const burns = [rule.long, rule.short].map((burn) => burnWords(burn, rule.threshold))
  return `${burns.join('/')}${rule.holds ? ' holds' : ''}`
}

/** Two decimals, and more where two would not show which side of the threshold it is on. */
function burnWords(burn: number | null, threshold: number): string {
  if (burn === null) return '-'
  if (burn === 0) return '0'
  return burn.toFixed(Math.abs(burn - threshold) < 0.01 ? 4 : 2)
}

/** Steps that do not follow each other have a line of dots between them. */
function aligned(rows: readonly (readonly string[])[], steps: readonly { readonly at: EpochMs }[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const stepMs = Math.min(...steps.slice(1).map(({ at }, index) => at - steps[index].at))
  return rows.flatMap((row, index) => {
    const line = `  ${row.map((text, column) => text.padEnd(widths[column])).join('  ')}`.trimEnd()
    const isGap = index >= 2 && steps[index - 1].at - steps[index - 2].at > stepMs
    return isGap ? ['  ...', line] : [line]
  })
}
