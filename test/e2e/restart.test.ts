import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { scrapedShop, shopRules } from '../support/scraped-shop.ts'
import { startEngine, type Traffic } from '../support/started-peers.ts'
import { eventually } from '../support/started-process.ts'

test('kill -9 in an open incident: it stays open since it began, nobody is told twice, and no event is lost', {
  timeout: 120_000,
}, async (t) => {
  const cleanup = lastFirst(t)
  const { folder, config, exporter, hook } = await scrapedShop(cleanup)
  const { setTraffic: traffic } = exporter
  const rules = shopRules({ long: '20s' })
  const start = async () => {
    const { started: engine, url } = await startEngine(cleanup, { folder, config, rules })
    return { engine, api: async <T>(path: string): Promise<T> => readJson(`${url}${path}`) }
  }

  const first = await start()
  // With traffic at a stand the counts settle: from here on they can be compared to the event.
  await eventually(async () => ((await shop(first.api)).total > 300 ? true : undefined), 'the engine counts')
  const before = await standstill(first.api, traffic)

  await traffic(5, 5)
  await eventually(async () => (hook.count('firing') === 1 ? true : undefined), 'the incident pages')
  await eventually(
    async () => ((await alerts(first.api)).length === 2 ? true : undefined),
    'the region and the whole burn',
  )
  const opened = await alerts(first.api)
  assert.equal(opened.length, 2)
  first.engine.process.kill('SIGKILL')
  await first.engine.stop()
  const downFrom = await traffic(5, 5)

  await eventually(async () => {
    const now = await traffic(5, 5)
    return now.good - downFrom.good >= 100 ? true : undefined
  }, 'two seconds of traffic that nobody scrapes')
  const second = await start()
  await eventually(
    async () => ((await shop(second.api)).at > opened[0].firedAt + 4 ? true : undefined),
    'evaluation goes on',
  )
  assert.deepEqual(await alerts(second.api), opened, 'the same alerts, open since the same moment')

  const after = await standstill(second.api, traffic)
  assert.equal(after.engine.bad - before.engine.bad, after.counted.bad - before.counted.bad, 'no bad event is lost')
  assert.equal(
    after.engine.total - before.engine.total,
    total(after.counted) - total(before.counted),
    'no event is lost',
  )

  await traffic(10, 0)
  await eventually(async () => (hook.count('resolved') === 1 ? true : undefined), 'the incident is over')
  assert.deepEqual(hook.received(), ['firing', 'resolved'], 'everybody was told once of each')
  assert.equal(await second.engine.stop(), 0)
})

interface Scope {
  readonly scope: string
  readonly at: number
  readonly bad: number
  readonly total: number
}

interface OpenAlert {
  readonly scope: string
  readonly firedAt: number
}

type Api = <T>(path: string) => Promise<T>

async function shop(api: Api): Promise<Scope> {
  const { data } = await api<{ data: { scopes: Scope[] } }>('/api/v1/slos/shop')
  const region = data.scopes.find(({ scope }) => scope === 'eu-west-1')
  if (region === undefined) throw new Error('the region is not known yet')
  return region
}

async function alerts(api: Api): Promise<readonly OpenAlert[]> {
  const { data } = await api<{ data: { alerts: OpenAlert[] } }>('/api/v1/alerts')
  return data.alerts.map(({ scope, firedAt }) => ({ scope, firedAt })).sort((a, b) => (a.scope < b.scope ? -1 : 1))
}

/** Stops the traffic, and waits until three evaluations in a row count the same. */
async function standstill(api: Api, traffic: (good: number, bad: number) => Promise<Traffic>) {
  await traffic(0, 0)
  const counted = await traffic(0, 0)
  let last = await shop(api)
  let unchangedSince = last.at
  const engine = await eventually(async () => {
    const now = await shop(api)
    if (now.total !== last.total) unchangedSince = now.at
    last = now
    return now.at >= unchangedSince + 3 ? now : undefined
  }, 'the counts settle')
  return { engine, counted }
}

function total({ good, bad }: Traffic): number {
  return good + bad
}

async function readJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init)
  const answer: T = JSON.parse(await response.text())
  return answer
}
