import assert from 'node:assert/strict'

const regions = ['eu-west-1', 'us-east-1']
const services = ['checkout', 'catalogue']
const requestsPerSecond = 100
/** The share of requests of the checkout that fail in the first region. */
const failing = 0.4

/** A shop of two regions whose checkout is broken in the first; it tells the engine what it counted when it is asked to. */
export interface PageShop {
  /** Sends everything up to a moment, second by second: nothing waits for the clock. */
  send(until: number): Promise<void>
}

/** Counts since a moment, as OTLP senders do that keep adding. */
export function pageShop(url: string, since: number): PageShop {
  let sentTo = since
  return {
    send: async (until) => {
      const seconds = Math.floor((until - sentTo) / 1_000)
      const times = Array.from({ length: seconds + 1 }, (_, index) => sentTo + index * 1_000)
      sentTo += seconds * 1_000
      const resourceMetrics = regions.map((region) => ({
        resource: { attributes: attributes({ 'cloud.region': region }) },
        scopeMetrics: [{ metrics: [counter(region, since, times)] }],
      }))
      const response = await fetch(`${url}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceMetrics }),
      })
      assert.equal(response.status, 200, await response.text())
    },
  }
}

function counter(region: string, since: number, times: readonly number[]) {
  const dataPoints = services.flatMap((service) => {
    const failed = service === 'checkout' && region === regions[0] ? failing : 0
    return [['200', 1 - failed] as const, ['500', failed] as const].flatMap(([code, share]) =>
      times.map((at) => ({
        attributes: attributes({ service, code }),
        startTimeUnixNano: `${since}000000`,
        timeUnixNano: `${at}000000`,
        asDouble: Math.round(((at - since) / 1_000) * requestsPerSecond * share),
      })),
    )
  })
  return { name: 'http_requests', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}
