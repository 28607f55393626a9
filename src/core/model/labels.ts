import { compareTexts } from './text-order.ts'

/** The labels of one series, metric name under `__name__`. A Map, because a label may be called `__proto__`. */
export type Labels = ReadonlyMap<string, string>

export const metricNameLabel = '__name__'
export const noLabels: Labels = new Map()

/** A label name that PromQL takes without quotes, as part of a regular expression; others are allowed since Prometheus 3. */
export const labelNameSyntax = '[a-zA-Z_][a-zA-Z0-9_]*'

/** A metric name that PromQL takes without quotes, as part of a regular expression. */
export const metricNameSyntax = '[a-zA-Z_:][a-zA-Z0-9_:]*'

/** Texts that are such a label name, as a regular expression. */
export const labelNamePattern = `^${labelNameSyntax}$`

/** Texts that are such a metric name, as a regular expression. */
export const metricNamePattern = `^${metricNameSyntax}$`

/** Builds labels in name order, so that equal label sets print equally; an empty value counts as no label. */
export function labelsOf(entries: Iterable<readonly [string, string]>): Labels {
  const present = [...entries].filter(([, value]) => value !== '')
  return new Map(present.sort(([a], [b]) => compareTexts(a, b)))
}

/** One text per label set, for use as a key. Labels must come from `labelsOf`, which orders them. */
export function labelsKey(labels: Labels): string {
  let key = ''
  for (const [name, value] of labels) key += `${name}\u0000${value}\u0001`
  return key
}

/** The labels in Prometheus notation, for people: `http_requests_total{code="500"}`. */
export function formatLabels(labels: Labels): string {
  const name = labels.get(metricNameLabel) ?? ''
  const rest = [...labels].filter(([label]) => label !== metricNameLabel)
  if (rest.length === 0) return name === '' ? '{}' : name
  return `${name}{${rest.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
}
