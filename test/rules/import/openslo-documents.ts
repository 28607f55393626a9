interface SloChoices {
  readonly name?: string
  readonly metadata?: string
  readonly indicator?: string
  readonly window?: string
  readonly method?: string
  readonly objectives?: string
  readonly rest?: string
}

/** An OpenSLO v1 SLO; `rest` are further keys of its spec. */
export function openslo(choices: SloChoices = {}): string {
  const { name = 'a', metadata = '', window = '{ duration: 30d, isRolling: true }', method = 'Occurrences' } = choices
  const { objectives = '[{ target: 0.99 }]', rest = '' } = choices
  const { indicator = `indicator: ${ratio('sum(good_total)', 'sum(all_total)')}` } = choices
  return `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}${metadata} }
spec:
  service: shop
  ${indicator}
  timeWindow: [${window}]
  budgetingMethod: ${method}
  objectives: ${objectives}
  ${rest}
`
}

/** An SLI of good among all events. */
export function ratio(good: string, total: string, counter = true): string {
  return `{ spec: { ratioMetric: { counter: ${counter}, good: ${metric(good)}, total: ${metric(total)} } } }`
}

/** A metric asked of Prometheus. */
export function metric(query: string): string {
  return `{ metricSource: { type: Prometheus, spec: { query: '${query}' } } }`
}

/** An indicator with a threshold. */
export function threshold(query: string): string {
  return `indicator: { spec: { thresholdMetric: ${metric(query)} } }`
}

/** A document of another kind, as a further one of a file. */
export function other(kind: string, name: string, spec: string): string {
  return `---\napiVersion: openslo/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`
}

/** A condition on its own. */
export function condition(choices: string): string {
  return `{ severity: page, condition: { kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 5m${choices} } }`
}

/** A policy inline, with one condition. */
export function policy(name: string, spec: string): string {
  const conditions = `conditions: [{ kind: AlertCondition, metadata: { name: c }, spec: ${spec} }]`
  return `{ kind: AlertPolicy, metadata: { name: ${name} }, spec: { ${conditions} } }`
}

/** A calendar window. */
export function calendarWindow(duration: string, calendar: string): string {
  return `{ duration: ${duration}, isRolling: false, calendar: { ${calendar} } }`
}

/** An indicator whose ratio is given. */
export function raw(query: string): string {
  return `indicator: { spec: { ratioMetric: { rawType: success, raw: ${metric(query)} } } }`
}

/** An objective with an indicator of its own. */
export function member(name: string, weight: number): string {
  return `{ displayName: ${name}, target: 0.99, compositeWeight: ${weight}, indicator: ${ratio(`sum(${name}_good)`, `sum(${name}_all)`)} }`
}

/** Whether a problem is about the beginning of the window. */
export function startsElsewhere({ message }: { readonly message: string }): boolean {
  return message.includes('startTime')
}

/** An SLO of v1alpha. */
export function alpha(source: string, window: string): string {
  return `apiVersion: openslo/v1alpha
kind: SLO
metadata: { name: a }
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindows: [${window}]
  objectives:
    - target: 0.99
      ratioMetrics:
        incremental: true
        good: { source: ${source}, queryType: promql, query: sum(good_total) }
        total: { source: ${source}, queryType: promql, query: sum(all_total) }
`
}
