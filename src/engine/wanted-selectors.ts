import type { Matcher, Selector } from '../core/model/selector.ts'
import { printSelector } from '../core/sli/print-counters.ts'
import type { CompiledSlo } from './compiled-slo.ts'

/** The selectors of everything that SLOs count or read, without those whose series another selects too. */
export function selectorsOf(slos: readonly CompiledSlo[]): readonly Selector[] {
  const all = new Map(slos.flatMap(ownSelectors).map((selector) => [printSelector(selector), selector]))
  const selectors = [...all.values()]
  return selectors.filter((selector, index) => {
    return !selectors.some((other, place) => place !== index && isWithin(selector, other, place < index))
  })
}

/** Whether SLOs like these count anything that can be read as raw samples. */
export function ownSelectors({ slo: { indicator }, signals }: CompiledSlo): readonly Selector[] {
  const counters = signals.flatMap((signal) => signal.counters.terms.map(({ selector }) => selector))
  return indicator.kind === 'threshold' ? [...counters, indicator.metric] : counters
}

/** Whether every condition of `other` is one of `selector` as well; of two that are equal the first stays. */
function isWithin(selector: Selector, other: Selector, isFirst: boolean): boolean {
  if (!other.matchers.every((matcher) => selector.matchers.some((own) => isSame(own, matcher)))) return false
  return selector.matchers.length > other.matchers.length || isFirst
}

function isSame(a: Matcher, b: Matcher): boolean {
  return a.label === b.label && a.operator === b.operator && a.value === b.value
}
