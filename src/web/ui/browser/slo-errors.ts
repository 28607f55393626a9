import { type Child, h } from './dom.ts'
import { countText, momentText, plural, shareText, spanText, unknown, windowText } from './figures.ts'
import type { ScopeJson, TopErrorsJson } from './slo-answers.ts'
import { figure, figures, scrollTable } from './tables.ts'

type Dimension = TopErrorsJson['dimensions'][number]

/** Which label values the failures of the last hour or two carry, those that they gather in most first. */
export function errorsTable({ detail }: ScopeJson, window: string): Child {
  const errors = detail?.topErrors ?? null
  if (errors === null)
    return h(
      'p',
      { class: 'none' },
      `${unknown} Failures are taken apart while an alert is open or somebody looks: from now on.`,
    )
  if (errors.bad <= 0) return h('p', { class: 'none' }, 'Nothing has failed since.')
  if (errors.dimensions.length === 0) return h('p', { class: 'none' }, 'Their series differ in no label.')
  const ofBudget = `Of budget, ${windowText(window)}`
  const telling = errors.dimensions.filter(isTelling)
  const even = errors.dimensions.filter((dimension) => !isTelling(dimension)).map(({ label }) => label)
  const rows = telling.flatMap((dimension) => dimensionRows(dimension, errors.bad, ofBudget))
  return [
    rows.length === 0
      ? null
      : scrollTable('Top errors', ['Label', ...figures('Failed', 'Of failures', 'Of events', ofBudget)], rows),
    even.length === 0
      ? null
      : h('p', { class: 'about' }, `As the traffic is, so are failures spread over: ${even.join(', ')}.`),
  ]
}

/** Whether failures gather in a value, more than its part of the traffic has it. */
function isTelling({ values }: Dimension): boolean {
  return values.some(({ ofFailures, ofEvents }) => ofFailures - (ofEvents ?? 0) >= excessMin)
}

const excessMin = 0.1

/** The values that have nearly all failures; the others are told together. */
function worstOf({ values }: Dimension): Dimension['values'] {
  let told = 0
  return values.filter(({ ofFailures }) => {
    const isTold = told < nearlyAll
    told += ofFailures
    return isTold
  })
}

const nearlyAll = 0.95

/** Since when, for the head of the section. */
export function errorsAbout({ detail }: ScopeJson, now: number): string {
  const errors = detail?.topErrors ?? null
  if (errors === null) return 'which labels they carry'
  const failed = plural(Math.round(errors.bad), 'failure')
  return `${failed} since ${momentText(errors.since, now)} UTC (${spanText(now - errors.since)}), by the labels that they gather in`
}

function dimensionRows(dimension: Dimension, bad: number, ofBudget: string): readonly Child[] {
  const { label } = dimension
  const values = worstOf(dimension)
  const otherBad = values.reduce((rest, each) => rest - each.bad, bad)
  const rows = values.map((each) =>
    h(
      'tr',
      { key: `${label}=${each.value}` },
      h('th', { scope: 'row' }, h('code', {}, `${label}=${JSON.stringify(each.value)}`)),
      figure('Failed', countText(each.bad)),
      figure('Of failures', shareText(each.ofFailures)),
      figure('Of events', shareText(each.ofEvents)),
      figure(ofBudget, shareText(each.ofBudget)),
    ),
  )
  if (otherBad < 0.5) return rows
  const others = h(
    'tr',
    { key: `${label} others` },
    h('th', { scope: 'row' }, h('code', {}, label), ' others'),
    figure('Failed', countText(otherBad)),
    figure('Of failures', shareText(otherBad / bad)),
    figure('Of events', unknown),
    figure(ofBudget, unknown),
  )
  return [...rows, others]
}
