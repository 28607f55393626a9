/** What is chosen at the top of a dashboard, by variable, as Grafana puts it into queries. */
export type Chosen = Readonly<Record<string, string>>

/** What a dashboard opens with: everything, or one SLO in all regions together. */
export function atFirst(uid: string): Chosen {
  const slo = uid === 'slo-detail' ? 'shop-checkout' : '.+'
  return { service: '.+', slo, region: '.+', scope: 'global' }
}

/** The range of the tests: Grafana's is four scrapes at least. */
const intervals: Chosen = { __rate_interval: '10s', __interval: '5s', __range: '2m' }

/** A query as Grafana sends it. */
export function interpolated(expr: string, chosen: Chosen): string {
  const values: Chosen = { ...chosen, ...intervals }
  return expr.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const value = values[braced ?? plain ?? '']
    if (value === undefined) throw new Error(`the query asks for ${whole}, which is no variable: ${expr}`)
    return value
  })
}

/** The series that a Prometheus answers over the last half minute; rejects with its reason where it refuses the query. */
export async function seriesOf(url: string, expr: string, isInstant: boolean): Promise<number> {
  return (await ask(url, expr, isInstant)).length
}

/** The values of all series now. */
export async function valuesOf(url: string, expr: string): Promise<readonly number[]> {
  return (await ask(url, expr, true)).map(({ value }) => Number(value?.[1]))
}

interface Series {
  readonly value?: readonly [number, string]
}

async function ask(url: string, expr: string, isInstant: boolean): Promise<readonly Series[]> {
  const now = Date.now() / 1_000
  const range = isInstant ? { time: String(now) } : { start: String(now - 30), end: String(now), step: '2' }
  const query = new URLSearchParams({ query: expr, ...range })
  const path = isInstant ? 'query' : 'query_range'
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: query })
  const answer: { status: string; error?: string; data?: { result: Series[] } } = JSON.parse(await response.text())
  if (answer.status !== 'success') throw new Error(`${answer.error ?? response.status}: ${expr}`)
  return answer.data?.result ?? []
}

/** The values that a variable offers: `label_values(selector, label)`. */
export async function labelValues(url: string, query: string, chosen: Chosen): Promise<readonly string[]> {
  const parts = /^label_values\((.+), (\w+)\)$/.exec(interpolated(query, chosen))
  if (parts === null) throw new Error(`this is not label_values(selector, label): ${query}`)
  const [, selector, label] = parts
  const match = new URLSearchParams({ 'match[]': selector })
  const response = await fetch(`${url}/api/v1/label/${label}/values?${match}`)
  const answer: { data: string[] } = JSON.parse(await response.text())
  return answer.data
}
