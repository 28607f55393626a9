import type { Indicator } from '../../core/model/indicator.ts'
import type { Selector } from '../../core/model/selector.ts'
import type { Slo } from '../../core/model/slo.ts'
import { SelectorIndex } from '../../core/sli/selector-index.ts'
import type { Expectation, RuleTest } from '../../rules/rule-test/rule-test.ts'

/** Finds the SLOs that a test can have anything to do with: a rules directory may hold thousands of others. */
export class ConcernedSlos {
  readonly #slos: readonly Slo[]
  readonly #bySeries = new SelectorIndex<string>()

  constructor(slos: readonly Slo[]) {
    this.#slos = slos
    for (const { name, indicator } of slos) {
      for (const selector of selectorsOf(indicator)) this.#bySeries.add(selector, name)
    }
  }

  /** The SLOs that count one of the test's series or that it names, and those composed with them. */
  of({ series, expectations }: RuleTest): readonly Slo[] {
    const names = new Set([
      ...series.flatMap(({ labels }) => this.#bySeries.match(labels)),
      ...expectations.flatMap(namesOf),
    ])
    for (let before = -1; before < names.size; ) {
      before = names.size
      for (const { name, indicator } of this.#slos) {
        if (indicator.kind !== 'composite') continue
        const members = indicator.of.map(({ slo }) => slo)
        if (names.has(name) || members.some((member) => names.has(member))) {
          for (const each of [name, ...members]) names.add(each)
        }
      }
    }
    return this.#slos.filter(({ name }) => names.has(name))
  }
}

function selectorsOf(indicator: Indicator): readonly Selector[] {
  if (indicator.kind === 'threshold') return [indicator.metric]
  if (indicator.kind !== 'events' && indicator.kind !== 'slices') return []
  return indicator.signals.flatMap(({ counters }) => counters.terms.map(({ selector }) => selector))
}

function namesOf(expectation: Expectation): string[] {
  if (expectation.kind === 'figures') return [expectation.slo.name]
  return expectation.kind === 'open' ? expectation.alerts.map(({ slo }) => slo.name) : [expectation.alert.slo.name]
}
