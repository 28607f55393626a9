import { metricNameLabel } from '../core/model/labels.ts'
import type { Matcher, Selector } from '../core/model/selector.ts'
import { printSelector } from '../core/sli/print-counters.ts'
import { quoteText } from '../core/sli/promql-string.ts'

/** A selector of a rule file or a setting, narrowed to the regions that are chosen, or to those that match. */
export function inRegions({ matchers }: Selector, regionLabel: string, regions = '$region'): string {
  return printSelector({ matchers: [...matchers, { label: regionLabel, operator: '=~', value: regions }] })
}

/** The metric that a selector names, with more conditions: for exporters whose names are known. */
export function ofMetric(name: string, { matchers }: Selector, more: readonly Matcher[] = []): Selector {
  const others = matchers.filter(({ label }) => label !== metricNameLabel)
  return { matchers: [{ label: metricNameLabel, operator: '=', value: name }, ...others, ...more] }
}

/** Events a second. The range is Grafana's: at least four scrapes, and no gaps between two points. */
export function rate(selector: string): string {
  return `rate(${selector}[$__rate_interval])`
}

/** Adds up by labels. */
export function sumBy(labels: readonly string[], expr: string): string {
  return labels.length === 0 ? `sum(${expr})` : `sum by (${labels.join(', ')}) (${expr})`
}

/** The same series with their region in the label `region`, whatever label held it. */
export function withRegionLabel(expr: string, regionLabel: string): string {
  return regionLabel === 'region' ? expr : `label_replace(${expr}, "region", "$1", ${quoteText(regionLabel)}, "(.*)")`
}

/** The conditions of a selector on one label, as PromQL. */
export function matcher(label: string, operator: Matcher['operator'], value: string): string {
  return `${label}${operator}${quoteText(value)}`
}
