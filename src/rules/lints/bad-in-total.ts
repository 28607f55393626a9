import type { Formula } from '../../core/model/formula.ts'
import type { EventsIndicator } from '../../core/model/indicator.ts'
import { metricNameLabel } from '../../core/model/labels.ts'
import type { Selector } from '../../core/model/selector.ts'
import { printSelector } from '../../core/sli/print-counters.ts'
import { printFormula } from '../../core/sli/print-formula.ts'
import type { Finding } from '../../documents/problem-collector.ts'
import type { Path, SourceDocument } from '../../documents/source-document.ts'
import { anyOtherValue, type Counterexample, counterexample } from './counterexample.ts'
import { indicatorPath, type SloLint } from './slo-lint.ts'

/**
 * Bad (or good) events of a metric of which the total leaves some out, where the selectors prove it. Metrics of different
 * names say nothing of each other.
 */
export const badInTotal: SloLint = ({ draft, document }) => {
  const { indicator } = draft.slo
  if (indicator.kind !== 'events') return []
  const all = addedSignals(indicator.total)
  const counted = addedSignals(countedFormula(indicator))
  if (all === undefined || counted === undefined) return []
  const total = all.flatMap((signal) => addedSelectors(indicator, signal))
  return counted.flatMap((signal) => {
    const path = pathOfSignal(document, indicator.signals[signal].name)
    return addedSelectors(indicator, signal).flatMap((selector) => {
      const left = leftOut(selector, total)
      return left === undefined ? [] : [finding(path, selector, left)]
    })
  })
}

/** What is counted beside the total: bad, or good where bad is all the rest. */
function countedFormula({ bad, total, signals }: EventsIndicator): Formula {
  const names = signals.map(({ name }) => name)
  const isRest =
    bad.kind === 'binary' && bad.operator === '-' && printFormula(bad.left, names) === printFormula(total, names)
  return isRest ? bad.right : bad
}

/** The signals of a formula that is nothing but their sum. */
function addedSignals(formula: Formula): readonly number[] | undefined {
  if (formula.kind === 'signal') return [formula.signal]
  if (formula.kind !== 'binary' || formula.operator !== '+') return undefined
  const left = addedSignals(formula.left)
  const right = addedSignals(formula.right)
  return left === undefined || right === undefined ? undefined : [...left, ...right]
}

function addedSelectors({ signals }: EventsIndicator, signal: number): readonly Selector[] {
  return signals[signal].counters.terms.filter(({ sign }) => sign === 1).map(({ selector }) => selector)
}

/** Labels of a series that the selector takes and no part of the total does; undefined when there may be none. */
function leftOut(selector: Selector, total: readonly Selector[]): readonly Counterexample[] | undefined {
  const name = metricName(selector)
  const ofSameMetric = total.filter((part) => name !== undefined && metricName(part) === name)
  const found = new Map<string, Counterexample>()
  for (const { matchers } of ofSameMetric) {
    const example = matchers.map((demand) => counterexample(selector.matchers, demand)).find((one) => one !== undefined)
    if (example === undefined) return undefined
    const { label } = example.demand
    // One series has one value of a label: what disproves one part need not disprove another.
    if ((found.get(label)?.value ?? example.value) !== example.value) return undefined
    found.set(label, example)
  }
  return found.size === 0 ? undefined : [...found.values()]
}

function metricName({ matchers }: Selector): string | undefined {
  const names = matchers.filter(({ label }) => label === metricNameLabel)
  return names.length === 1 && names[0].operator === '=' ? names[0].value : undefined
}

function finding(path: Path, selector: Selector, examples: readonly Counterexample[]): Finding {
  const demands = examples.map(({ demand }) => printSelector({ matchers: [demand] }).slice(1, -1))
  return {
    code: 'RULE_BAD_NOT_IN_TOTAL',
    severity: 'warning',
    path,
    message: `${printSelector(selector)} also counts what total leaves out: ${examples.map(inWords).join(' and ')}`,
    hint: `add ${demands.join(' and ')} to it, or take it out of total`,
  }
}

function inWords({ demand: { label }, value }: Counterexample): string {
  if (value === '') return `series without "${label}"`
  return value === anyOtherValue ? `other values of "${label}"` : `${label}="${value}"`
}

function pathOfSignal(document: SourceDocument, name: string): Path {
  const ratio = [...indicatorPath, 'ratio']
  return document.at(ratio) === undefined ? [...indicatorPath, 'expression', 'signals', name] : [...ratio, name]
}
