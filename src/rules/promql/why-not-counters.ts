/** Why a PromQL function answers something else than a sum of counters; the name as in the text. */
export function functionReason(name: string): string {
  const lower = name.toLowerCase()
  const found = functionReasons.find(({ pattern }) => pattern.test(lower))
  return `${lower}(…) ${found?.reason ?? 'makes something else of the counters than a sum'}`
}

/** Why an aggregation other than `sum` answers something else than a sum of counters. */
export function aggregationReason(name: string): string {
  const lower = name.toLowerCase()
  if (/^(?:count|group)/.test(lower)) return `${lower}(…) counts series, not events`
  if (/^(?:top|bottom|limit)/.test(lower)) return `${lower}(…) keeps some series and drops others`
  return `${lower}(…) stands where only sum(…) adds events up`
}

/** Why an operator between two vectors answers something else than a sum of counters. */
export function operatorReason(operator: string): string {
  const lower = operator.toLowerCase()
  if (lower === 'and' || lower === 'unless') return `"${lower}" keeps or drops series by what other series there are`
  if (lower === 'or') return '"or" takes its right side where the left has no series, unless that is vector(0)'
  if (/^(?:[<>]=?|[=!]=)$/.test(lower)) return `"${lower}" keeps or drops series by their value`
  return `"${lower}" makes something else of the counters than a sum`
}

const functionReasons: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^histogram_quantiles?$/, reason: 'answers a quantile, not a number of events' },
  { pattern: /^histogram_/, reason: 'reads native histograms' },
  { pattern: /^irate$/, reason: 'looks at the last two samples only, not at the whole window' },
  {
    pattern: /^(?:i?delta|deriv|predict_linear|double_exponential_smoothing)$/,
    reason: 'is for gauges, not for counters',
  },
  {
    pattern: /^(?:absent|absent_over_time|present_over_time)$/,
    reason: 'asks whether there are series, not for events',
  },
  {
    pattern: /^(?:count|sum|avg|min|max|quantile|last|first|stddev|stdvar|mad)_over_time$/,
    reason: 'works on single samples, as of a gauge',
  },
  { pattern: /^(?:changes|resets)$/, reason: 'counts changes of the samples' },
  { pattern: /^label_/, reason: 'changes labels, by which other series are found' },
  {
    pattern: /^(?:info|timestamp|start_timestamp|ts_of_.*)$/,
    reason: 'answers something about series, not their events',
  },
  { pattern: /^vector$/, reason: 'is a constant; only vector(0) adds no events' },
  { pattern: /^scalar$/, reason: 'is no vector any more, so that it is empty where nothing can be seen' },
]
