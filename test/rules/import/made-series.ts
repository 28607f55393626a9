import type { OriginalSlo } from './original-promql.ts'

/** A series with values at every step; a gauge is 0 or 1, a counter grows and now and then begins anew. */
export interface MadeSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly values: readonly number[]
}

/** How much a counter of errors grows between two samples at most, and how much more one of all events. */
const errorsMax = 20
const timesMore = 10

/** Series of every metric that an SLO asks for: some that its matchers take, and some that they leave. */
export function madeSeries({ asks, groupBy }: OriginalSlo, samples: number, seed: number): MadeSeries[] {
  const selectors = Object.values(asks).flatMap(selectorsIn)
  const random = randomNumbers(seed)
  const ofAll = 'total' in asks ? asks.total : asks.errorRatio.slice(asks.errorRatio.lastIndexOf('/'))
  const totals = new Set(selectorsIn(ofAll).map(({ metric }) => metric))
  return [...Map.groupBy(selectors, ({ metric }) => metric)].flatMap(([metric, ofMetric]) => {
    const incrementMax = totals.has(metric) ? errorsMax * timesMore : errorsMax
    return labelSets(labelValues(ofMetric, groupBy), groupBy).map((labels) => ({
      labels: { __name__: metric, ...labels },
      values:
        'errorRatio' in asks && asks.errorRatio.includes('_over_time')
          ? gauge(samples, random)
          : counter(samples, incrementMax, random),
    }))
  })
}

interface WrittenSelector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[]
}

function selectorsIn(query: string): WrittenSelector[] {
  return [...query.matchAll(/([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?\[WINDOW\]/g)].map(([, metric = '', matchers = '']) => ({
    metric,
    matchers: [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(
      ([, label = '', operator = '', value = '']) => ({ label, operator, value }),
    ),
  }))
}

/** For each label the values that its matchers speak of, and one that they do not. */
function labelValues(
  selectors: readonly WrittenSelector[],
  groupBy: readonly string[],
): Map<string, readonly string[]> {
  const byLabel = new Map<string, Set<string>>(groupBy.map((label) => [label, new Set(['one', 'two'])]))
  for (const { label, operator, value } of selectors.flatMap(({ matchers }) => matchers)) {
    const values = byLabel.get(label) ?? new Set()
    byLabel.set(label, values)
    for (const one of operator.endsWith('~') ? textsOf(value) : [value]) values.add(one)
  }
  return new Map([...byLabel].map(([label, values]) => [label, [...values, label === 'le' ? '+Inf' : 'other']]))
}

/** Some texts that a regular expression accepts, as far as these files use them. */
function textsOf(pattern: string): string[] {
  return pattern
    .replace(/^\((.*)\)$/, '$1')
    .split('|')
    .flatMap((branch) => (branch.includes('.*') ? ['x', 'y'].map((end) => branch.replaceAll('.*', end)) : [branch]))
    .map((branch) => branch.replaceAll('.', '0'))
}

/** In each group one series with the first value of every label, and for each other value one that differs in it alone. */
function labelSets(
  values: ReadonlyMap<string, readonly string[]>,
  groupBy: readonly string[],
): Record<string, string>[] {
  const others = [...values].filter(([label]) => !groupBy.includes(label))
  const first = Object.fromEntries(others.map(([label, [value]]) => [label, value]))
  const varied = others.flatMap(([label, [, ...rest]]) => rest.map((value) => ({ ...first, [label]: value })))
  const groups = groupBy.reduce<Record<string, string>[]>(
    (made, label) => (values.get(label) ?? []).flatMap((value) => made.map((group) => ({ ...group, [label]: value }))),
    [{}],
  )
  return groups.flatMap((group) => [first, ...varied].map((labels) => ({ ...labels, ...group })))
}

function counter(samples: number, incrementMax: number, random: () => number): number[] {
  let value = Math.floor(random() * 1_000)
  return Array.from({ length: samples }, () => {
    const increment = Math.floor(random() * (incrementMax + 1))
    value = random() < 0.01 ? increment : value + increment
    return value
  })
}

/** Long stretches of 1 with some of 0. */
function gauge(samples: number, random: () => number): number[] {
  let value = 1
  return Array.from({ length: samples }, () => {
    if (random() < 0.03) value = 1 - value
    return value
  })
}

/** The same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 4_294_967_296
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}
