/** A message as protobufjs hands it over: plain values, 64-bit numbers as text. */
type Plain = Readonly<Record<string, unknown>>

/** What a request says, worked out from the plain values of protobufjs, in the form of `decodedLines`. */
export function linesOfOracle(request: Plain): unknown[] {
  return list(request['resourceMetrics']).flatMap((resourceMetrics) => {
    const resource = attributesOf(message(resourceMetrics['resource']))
    return list(resourceMetrics['scopeMetrics']).flatMap((scopeMetrics) => {
      const scope = message(scopeMetrics['scope'])
      const where = [resource, text(scope['name']), text(scope['version']), attributesOf(scope)]
      return list(scopeMetrics['metrics']).flatMap((metric) => metricLines(metric, where))
    })
  })
}

function metricLines(metric: Plain, where: readonly unknown[]): unknown[] {
  const head = [text(metric['name']), text(metric['description']), text(metric['unit'])]
  const [key, held] = Object.entries(metric).find(([name]) => name in kinds) ?? ['', {}]
  if (key === '') return []
  const data = message(held)
  const kind = kinds[key]?.(number(data['aggregationTemporality']), data['isMonotonic'] === true)
  return list(data['dataPoints']).map((point) => [
    ...where,
    kind,
    ...head,
    millis(point['startTimeUnixNano']),
    millis(point['timeUnixNano']),
    number(point['flags']) % 2 === 1,
    attributesOf(point),
    list(point['exemplars']).map((exemplar) => [
      millis(exemplar['timeUnixNano']),
      number(exemplar['asDouble'] ?? exemplar['asInt']),
      hex(exemplar['traceId']),
      hex(exemplar['spanId']),
    ]),
    ...valuesOf(key, point),
  ])
}

function valuesOf(key: string, point: Plain): unknown[] {
  if (key === 'gauge' || key === 'sum') {
    const value = point['asDouble'] ?? point['asInt']
    return [value !== undefined, number(value)]
  }
  const count = number(point['count'])
  if (key === 'summary') {
    const quantiles = list(point['quantileValues']).map((each) => ({
      quantile: number(each['quantile']),
      value: number(each['value']),
    }))
    return [count, number(point['sum']), quantiles]
  }
  const sum = point['sum'] === undefined ? Number.NaN : number(point['sum'])
  if (key === 'histogram') return [count, sum, numbers(point['bucketCounts']), numbers(point['explicitBounds'])]
  const buckets = ['positive', 'negative'].map((sign) => {
    const given = message(point[sign])
    return { offset: number(given['offset']) + 1, counts: numbers(given['bucketCounts']) }
  })
  return [count, sum, number(point['scale']), number(point['zeroCount']), number(point['zeroThreshold']), buckets]
}

const kinds: Readonly<Record<string, (temporality: number, isMonotonic: boolean) => string>> = {
  gauge: () => 'gauge',
  sum: (temporality, isMonotonic) => {
    if (temporality === 0) return 'sum-without-temporality'
    return `${temporality === 1 ? 'delta' : 'cumulative'}-${isMonotonic ? 'sum' : 'up-down'}`
  },
  histogram: (temporality) =>
    ['histogram-without-temporality', 'delta-histogram', 'cumulative-histogram'][temporality] ?? '',
  exponentialHistogram: (temporality) =>
    ['exponential-without-temporality', 'delta-exponential', 'cumulative-exponential'][temporality] ?? '',
  summary: () => 'summary',
}

function attributesOf(owner: Plain): unknown[] {
  return list(owner['attributes']).map((pair) => {
    const value = plainValue(message(pair['value']))
    return [text(pair['key']), typeof value === 'string' ? value : printed(value)]
  })
}

/** A value of an attribute; integers stay text so that they keep their digits, marked to be printed without quotes. */
function plainValue(value: Plain): unknown {
  if (value['arrayValue'] !== undefined) {
    return list(message(value['arrayValue'])['values']).map((inner) => plainValue(inner))
  }
  if (value['kvlistValue'] !== undefined) {
    const pairs = list(message(value['kvlistValue'])['values'])
    return new Map(pairs.map((pair) => [text(pair['key']), plainValue(message(pair['value']))]))
  }
  if (value['intValue'] !== undefined) return BigInt(text(value['intValue']))
  return value['stringValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? ''
}

function printed(value: unknown): string {
  if (value instanceof Map) {
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${printed(inner)}`).join(',')}}`
  }
  if (Array.isArray(value)) return `[${value.map((inner) => printed(inner)).join(',')}]`
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function list(value: unknown): Plain[] {
  return Array.isArray(value) ? value : []
}

function message(value: unknown): Plain {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number {
  return Number(value ?? 0)
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map((each) => number(each)) : []
}

function millis(value: unknown): number {
  return Number(BigInt(text(value) === '' ? '0' : text(value)) / 1_000_000n)
}

function hex(value: unknown): string | undefined {
  const id = Buffer.from(text(value), 'base64').toString('hex')
  return id === '' ? undefined : id
}
