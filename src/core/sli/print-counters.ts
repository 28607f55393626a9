import { labelNamePattern, metricNameLabel, metricNamePattern } from '../model/labels.ts'
import type { CounterExpression, Matcher, Selector } from '../model/selector.ts'
import { quoteText } from './promql-string.ts'

const plainMetricName = new RegExp(metricNamePattern)
const plainLabelName = new RegExp(labelNamePattern)

/** Counters as one writes them in a rule file; reading the text gives the same expression again. */
export function printCounters({ terms }: CounterExpression): string {
  return terms
    .map(({ sign, selector }, index) => {
      const join = index === 0 ? (sign === 1 ? '' : '-') : sign === 1 ? ' + ' : ' - '
      return join + printSelector(selector)
    })
    .join('')
}

/** One selector in PromQL. */
export function printSelector({ matchers }: Selector): string {
  const [first, ...others] = matchers
  if (first !== undefined && isPlainName(first) && others.every(({ label }) => label !== metricNameLabel)) {
    return others.length === 0 ? first.value : `${first.value}{${others.map(printMatcher).join(',')}}`
  }
  return `{${matchers.map(printMatcher).join(',')}}`
}

function isPlainName({ label, operator, value }: Matcher): boolean {
  return label === metricNameLabel && operator === '=' && plainMetricName.test(value)
}

function printMatcher({ label, operator, value }: Matcher): string {
  return `${plainLabelName.test(label) ? label : quoteText(label)}${operator}${quoteText(value)}`
}
