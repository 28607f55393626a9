import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { slosPerPageMax } from '../../src/core/model/limits.ts'
import type { WebOptions } from '../../src/web/web-routes.ts'
import { engineRoutes, serving } from './running-server.ts'
import {
  aBurningScope,
  aBurnRate,
  alertWindowsMs,
  anEpisode,
  anIncident,
  anSlo,
  anUnknownScope,
  aScope,
  aView,
  messages,
  now,
  type ViewParts,
} from './status-fixture.ts'

test('shows page, region, rule and when an alert opened', async (t) => {
  const text = textOf(await page(t, { view: anIncident() }))
  assert.match(text, /1 page 0 tickets 3 SLOs/)
  assert.match(text, /▲ page checkout-availability in eu-west-1 checkout/)
  assert.match(text, /since 11:56:15 \(4 min\) · opened at burn 16\.2× over 1h and 1,000× over 5m, both above 14\.4×/)
})

test('puts what burns before what is unknown before what is well', async (t) => {
  const text = textOf(await page(t, { view: anIncident() }))
  const order = ['checkout-availability', 'search-latency', 'catalogue-availability']
  const places = order.map((name) => text.lastIndexOf(`${name} ${name.split('-')[0]} ·`))
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
  assert.ok(places.every((place) => place > 0))
})

test('shows what is not known as a dash and never as a number', async (t) => {
  const idle = aScope('idle', {
    state: 'no-traffic',
    counts: { bad: 0, total: 0 },
    sli: null,
    consumed: null,
    remaining: null,
    burnRates: alertWindowsMs.map((windowMs) => aBurnRate(windowMs, 0, 0)),
  })
  const text = textOf(await page(t, slosOf({ slos: [anSlo('a', { scopes: [idle, anUnknownScope('dark')] })] })))
  assert.match(text, /idle ○ no traffic —( —){8} 12:00:00/)
  assert.match(text, /dark ✕ no data —( —){9}/)
  assert.doesNotMatch(text, /NaN|Infinity|null|undefined/)
})

test('says of every figure which window it speaks of', async (t) => {
  const html = await page(t, slosOf({ slos: [anSlo('a', { window: '7d' })] }))
  assert.match(textOf(html), /99\.9 % over 7d/)
  const cells = [...html.matchAll(/<td data-label="([^"]+)"/g)].map(([, label]) => label)
  const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'].map((window) => `Burn, ${window}`)
  const row = ['State', 'Good, 7d', 'Budget left, 7d', ...windows, 'Data to']
  assert.deepEqual(cells, [...row, ...row, ...row])
})

test('marks the burn rates above the threshold of a rule, and how an overspent budget stands', async (t) => {
  const html = await page(t, slosOf({ slos: [anSlo('a', { scopes: [aBurningScope('eu-west-1')] })] }))
  const marks = [...html.matchAll(/data-label="Burn, (\w+)"\s+class="figure over-(\w+)"/g)].map(([, window, mark]) => [
    window,
    mark,
  ])
  assert.deepEqual(marks, [
    ['5m', 'page'],
    ['30m', 'page'],
    ['1h', 'page'],
    ['2h', 'ticket'],
    ['6h', 'ticket'],
  ])
  assert.match(textOf(html), /−16\.9 %/)
})

test('tells beside an open alert when its data is not whole', async (t) => {
  const scope = { ...aBurningScope('eu-west-1'), state: 'stale' as const }
  assert.match(textOf(await page(t, slosOf({ slos: [anSlo('a', { scopes: [scope] })] }))), /eu-west-1 ▲ page ◷ stale/)
})

test('lists what was resolved apart from what fires', async (t) => {
  const resolved = anEpisode('done', { firedAt: now - 7_200_000, resolvedAt: now - 3_600_000 })
  const text = textOf(await page(t, slosOf({ episodes: [resolved] })))
  assert.match(text, /Active alerts Nothing fires\./)
  assert.match(text, /Recently resolved done in eu-west-1 page 10:00:15 to 11:00:15 \(1 h\)/)
})

test('shows the inbox only where there is one', async (t) => {
  assert.doesNotMatch(await page(t), /Inbox/)
  const text = textOf(await page(t, { inbox: { messages: () => messages } }))
  assert.match(text, /Inbox of the demo's receiver ▲ page 11:57:15 checkout-availability burns/)
})

test('says why the engine is not ready and what is wrong with a source', async (t) => {
  const sources = [{ name: 'us', kind: 'scrape', region: 'us', watermark: null, problem: 'connection refused' }]
  const text = textOf(await page(t, slosOf({ sources, notReady: ['no evaluation yet'] })))
  assert.match(text, /not ready: no evaluation yet/)
  assert.match(text, /us in us scrape no sample yet ✕ connection refused/)
})

test('shows hostile names as text', async (t) => {
  const hostile = `<script>alert('x')</script>"><img src=x onerror=1>`
  const html = await page(
    t,
    slosOf({
      slos: [anSlo('a', { service: hostile, description: hostile, scopes: [aScope(hostile)] })],
      episodes: [anEpisode('a', { id: { slo: hostile, scope: hostile, severity: 'page' } })],
      sources: [{ name: hostile, kind: hostile, region: hostile, watermark: null, problem: hostile }],
    }),
  )
  assert.equal(html.split('<script').length, 2)
  assert.doesNotMatch(html, /<img/)
})

test('may run and load nothing but what stands in the page itself', async (t) => {
  const answer = await fetch(`${await serving(t, engineRoutes({ view: anIncident() }))}/`)
  const html = await answer.text()
  const policy = answer.headers.get('content-security-policy') ?? ''

  assert.match(policy, /^default-src 'none';/)
  assert.doesNotMatch(policy, /unsafe/)
  for (const [tag, directive] of [
    ['script', 'script-src'],
    ['style', 'style-src'],
  ]) {
    const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)?.[1] ?? ''
    const hash = createHash('sha256').update(text).digest('base64')
    assert.ok(policy.includes(`${directive} 'sha256-${hash}'`), `${tag} is allowed by its hash`)
  }
  assert.doesNotMatch(html, / style=| on\w+=/)
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\/(?!wiki\.example\.com)/)
})

test('stays readable with more SLOs than anybody reads', async (t) => {
  const slos = Array.from({ length: slosPerPageMax + 5 }, (_, index) => anSlo(`slo-${index}`))
  const html = await page(t, slosOf({ slos }))
  assert.equal(html.split('<article').length - 1, slosPerPageMax)
  assert.match(textOf(html), /5 more, none of them worse/)
})

function slosOf(parts: ViewParts): Partial<WebOptions> {
  return { view: aView(parts) }
}

async function page(t: TestContext, options: Partial<WebOptions> = {}): Promise<string> {
  const answer = await fetch(`${await serving(t, engineRoutes(options))}/`)
  assert.equal(answer.status, 200)
  return answer.text()
}

/** What a reader sees, in one line. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
}
