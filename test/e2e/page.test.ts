import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { foreignTool } from '../support/debian.ts'
import { pageShop } from '../support/page-shop.ts'
import { runningApp } from '../support/running-app.ts'
import { secondsPolicy } from '../support/seconds-policy.ts'
import { eventually } from '../support/started-process.ts'
import { assertAccessible, assertNarrow, openBrowser, openPage, passTime } from '../support/web-page.ts'
import { openWebhookRecorder } from '../support/webhook-recorder.ts'

const chromium = foreignTool('chromium')
const token = 'a-token-of-sixteen'
const hostile = `<img src=x onerror="document.title='hit'">`

/** More than the long window of the rule below. */
const toldAtFirstMs = 40_000

const rules = `${secondsPolicy('20s')}---
${sloOf('shop-checkout', 'checkout')}
---
${sloOf('shop-catalogue', 'catalogue')}
`

function sloOf(name: string, service: string): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: ${service}
  description: ${JSON.stringify(hostile)}
  labels: { team: ${JSON.stringify(hostile)}, env: ${service === 'checkout' ? 'prod' : 'test'} }
  runbook: https://runbooks.example.com/${service}
  objective: 99.9
  window: 1d
  indicator:
    ratio:
      bad: http_requests_total{service="${service}",code=~"5.."}
      total: http_requests_total{service="${service}"}
  alerting: { policy: seconds }`
}

test('the page of a running engine: list, detail, incident, silence, change and exclusion, by mouse and by keyboard', {
  skip: chromium.skip,
  timeout: 180_000,
}, async (t) => {
  const { url, tell } = await aBrokenShop(t)
  const browser = await openBrowser(t, chromium.path)
  const { page, assertQuiet } = await openPage(browser, url, { hasClock: true }, /401 \(Unauthorized\)|503|400 \(Bad/)

  await t.test('lists what burns first, and says its window and what it knows', () => list(page))
  await t.test('filters stand in the address and are there again after a reload', () => filters(page))
  await t.test('goes to an SLO by the keyboard alone', () => byKeyboard(page, tell))
  await t.test('shows lines, rules and regions of one SLO', () => detail(page))
  await t.test('asks for the token, and somebody takes the incident', () => acknowledge(page))
  await t.test('silences what burns, and ends that', () => silence(page))
  await t.test('notes a change, of which the incident tells, and takes it back', () => change(page))
  await t.test('leaves a period out, and takes it back', () => exclusion(page))
  await t.test('tells how on-call fares and how the engine stands', () => health(page))
  await t.test('every page is whole on a phone, in the dark and for those who hear it', () => everyPage(browser, url))
  assert.notEqual(await page.title(), 'hit')
  assertQuiet()
})

async function list(page: Page): Promise<void> {
  const row = page.locator('#slos tr.row').first()
  await row.locator('.badge.page').waitFor()
  assert.match(await row.innerText(), /shop-checkout/)
  assert.match(await row.innerText(), /99\.9 %\s+over 1d/)
  assert.ok(await page.getByRole('columnheader', { name: 'Burn 20s' }).isVisible())
  assert.match(await page.locator('main').innerText(), /<img src=x onerror/)
  assert.match(await page.title(), /^\(1\) Objectives/)
  assert.match(await page.locator('main').ariaSnapshot(), /table "Objectives"/)
  await assertAccessible(page, 'list')
}

async function filters(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.type('catalogue')
  await page.locator('.shown', { hasText: '1 of 2 SLOs' }).waitFor()
  assert.match(page.url(), /q=catalogue/)
  await page.reload()
  await page.locator('.shown', { hasText: '1 of 2 SLOs' }).waitFor()
  assert.equal(await page.getByRole('searchbox').inputValue(), 'catalogue')
  await page.getByRole('searchbox').fill('')
  await page.getByRole('combobox', { name: 'Service' }).selectOption('checkout')
  await page.locator('.shown', { hasText: '1 of 2 SLOs' }).waitFor()
  await page.getByRole('combobox', { name: 'Service' }).selectOption('')
  await page.getByRole('combobox', { name: 'Team' }).selectOption(hostile)
  await page.locator('.shown', { hasText: /^2 SLOs/ }).waitFor()
  await page.getByRole('combobox', { name: 'Team' }).selectOption('')
  await page.getByRole('combobox', { name: 'Label' }).selectOption('env:prod')
  await page.locator('.shown', { hasText: '1 of 2 SLOs' }).waitFor()
  assert.match(page.url(), /label=env%3Aprod/)
  await page.getByRole('combobox', { name: 'Label' }).selectOption('')
  await page.getByRole('button', { name: /page$/ }).click()
  await page.locator('.shown', { hasText: '1 of 2 SLOs' }).waitFor()
  await page.goto(new URL('./', page.url()).href)
  await page.locator('.shown', { hasText: /^2 SLOs/ }).waitFor()
}

async function byKeyboard(page: Page, tell: () => Promise<void>): Promise<void> {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'))
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === 'shop-checkout')
  await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === 'shop-catalogue')
  await page.keyboard.press('k')
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === 'shop-checkout')
  // It stays there while the list is brought up to date.
  const seen = await page.locator('#engine').innerText()
  await tell()
  await passTime(page)
  await page.waitForFunction((before) => document.getElementById('engine')?.innerText !== before, seen)
  assert.equal(await focused(), 'shop-checkout')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'shop-checkout' }).waitFor()
  assert.match(page.url(), /page=slo&name=shop-checkout/)
}

async function detail(page: Page): Promise<void> {
  assert.equal(await page.locator('svg.chart').count(), 4)
  assert.match(await page.locator('.tiles').innerText(), /Good, 1d[^]*Budget left, 1d[^]*Burn now, 20s[^]*Lasts/)
  await page.getByRole('table').filter({ hasText: 'eu-west-1' }).first().waitFor()
  assert.match(
    (await page.locator('svg.chart').first().getAttribute('aria-label')) ?? '',
    /If it goes on like this: .+ on .+ UTC, between spent on/,
  )
  assert.equal(await page.locator('svg.chart .range').count(), 1)
  await page.locator('svg.chart').first().focus()
  await page.keyboard.press('ArrowLeft')
  await page.locator('.chart .cross').first().waitFor({ state: 'attached' })
  assert.equal(await page.locator('.chart .cross').count(), 4)
  await page.keyboard.press('Escape')
  await page.getByText('The values as a table').click()
  await page.locator('.values tbody tr').first().waitFor()
  await page.getByRole('button', { name: 'us-east-1' }).click()
  await page.waitForURL(/scope=us-east-1/)
  await assertAccessible(page, 'detail')
  const errors = page.getByRole('region', { name: 'Top errors' }).first()
  assert.match(await errors.innerText(), /^Top errors/)
  const definition = page.getByRole('region', { name: 'Definition' })
  assert.match(await definition.innerText(), /Declared in\s+\S*rules\.yaml:\d+/)
  assert.match(await definition.innerText(), /http_requests_total\{service="checkout",code=~"5\.\."\}/)
  await definition.getByText('The rule as it is written').click()
  const written = page.getByRole('region', { name: 'The rule as it is written' })
  assert.match(await written.innerText(), /name: shop-checkout[^]*<img src=x onerror/)
  assert.doesNotMatch(await written.innerText(), /shop-catalogue/)
  await page.goBack()
}

async function acknowledge(page: Page): Promise<void> {
  await page.goto(new URL('?page=incidents', page.url()).href)
  await page.getByRole('link', { name: 'shop-checkout' }).click()
  await page.getByLabel('Your name').fill('ana')
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  const dialog = page.getByRole('dialog', { name: 'API token' })
  await dialog.getByLabel('Token').fill('a-wrong-token-here')
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('this is not the token').waitFor()
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  await dialog.getByLabel('Token').fill(token)
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await page.getByText(/ana has it until/).waitFor()
  await page.locator('.timeline li.acknowledged').waitFor()
  await page.getByText(/% of the budget of 1d spent so far: [\d,.KM]+ bad of/).waitFor()
  await assertAccessible(page, 'incident')
}

async function silence(page: Page): Promise<void> {
  await page.goto(new URL('?page=slo&name=shop-checkout', page.url()).href)
  await page.getByRole('link', { name: 'Silence', exact: true }).click()
  assert.equal(await page.getByLabel('Alerts that match').inputValue(), 'slo="shop-checkout"')
  assert.equal(await page.getByLabel('Your name').inputValue(), 'ana')
  await page.getByLabel('For').fill('soon')
  await page.getByLabel('Why').fill(hostile)
  await page.getByRole('button', { name: 'Silence', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'duration must be a duration' }).waitFor()
  await page.getByLabel('For').fill('1h')
  await page.getByRole('button', { name: 'Silence', exact: true }).click()
  await page.getByRole('row').filter({ hasText: 'in force' }).waitFor()
  await passTime(page)
  await page.getByRole('link', { name: 'Silences 1 in force' }).waitFor()
  await page.getByRole('button', { name: /^End the silence of slo="shop-checkout"/ }).click()
  await page.getByText('None is in force or to come.').waitFor()
  await page.getByRole('button', { name: 'also those that ended' }).click()
  await page.getByText(/ended by ana/).waitFor()
  await assertAccessible(page, 'silences')
}

async function change(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Changes' }).click()
  await page.getByLabel('What').fill('4f2c1a9')
  await page
    .getByRole('textbox', { name: 'Service' })
    .or(page.getByRole('combobox', { name: 'Service' }))
    .fill('checkout')
  await page.getByRole('button', { name: 'Note it' }).click()
  await page.getByRole('row').filter({ hasText: '4f2c1a9' }).waitFor()
  await page
    .getByRole('link', { name: /^Incidents/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'shop-checkout' }).click()
  await page.locator('.timeline li.change', { hasText: '4f2c1a9' }).waitFor()
  await page.getByRole('link', { name: 'Changes' }).click()
  await page.getByRole('button', { name: 'Take back deploy 4f2c1a9' }).click()
  await page.getByText('None was noted.').waitFor()
}

async function exclusion(page: Page): Promise<void> {
  await page.goto(new URL('?page=exclusions&slo=shop-catalogue', page.url()).href)
  await page.getByLabel('Why').fill('load test')
  await page.getByRole('button', { name: 'Leave it out' }).click()
  const row = page.getByRole('row').filter({ hasText: 'shop-catalogue' })
  await row.getByText('not counted').waitFor()
  await row.getByRole('button', { name: /^Take back/ }).click()
  await page.getByLabel('Why').fill('wrong day')
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByText('Nothing is left out.').waitFor()
  await page.getByText(/ana removed/).waitFor()
  await assertAccessible(page, 'exclusions')
}

async function health(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'On-call' }).click()
  await page.getByText('1 page, 0 tickets', { exact: true }).waitFor()
  await assertAccessible(page, 'on-call')
  await page.getByRole('link', { name: /^Engine/ }).click()
  await page.getByRole('row').filter({ hasText: 'otlp' }).first().waitFor()
  await page.getByRole('button', { name: 'Reload config and rules' }).click()
  await page.locator('main').getByText('Config and rules are in force anew.').waitFor()
  await assertAccessible(page, 'engine')
}

async function everyPage(browser: Browser, url: string): Promise<void> {
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
  const { page, assertQuiet } = await openPage(browser, url, phone)
  const pages = [
    '',
    '?page=slo&name=shop-checkout',
    '?page=incidents',
    '?page=silences',
    '?page=annotations',
    '?page=exclusions',
    '?page=oncall',
    '?page=engine',
  ]
  for (const place of pages) {
    await page.goto(`${url}/${place}`)
    await page
      .locator(place === '' ? '#slos tr.row' : 'h1')
      .first()
      .waitFor()
    await assertNarrow(page, place)
    await assertAccessible(page, place)
  }
  await page.goto(`${url}/?page=incidents&state=all`)
  await page.getByRole('link', { name: 'shop-checkout' }).first().click()
  await page.locator('.timeline').waitFor()
  await assertNarrow(page, 'incident')
  assertQuiet()
}

/** An engine that was told of a broken checkout: what fires stands there when the first page is drawn. */
async function aBrokenShop(t: TestContext): Promise<{ readonly url: string; readonly tell: () => Promise<void> }> {
  const hook = await openWebhookRecorder()
  t.after(() => hook.close())
  const config = {
    rules: ['rules.yaml'],
    listen: { http: '127.0.0.1:0' },
    evaluation: { interval: '1s', delay: '0s' },
    sources: [{ name: 'shop', otlp: {} }],
    receivers: [{ name: 'oncall', webhook: { url: hook.url } }],
    routes: [{ receivers: ['oncall'] }],
    api: { token },
    store: { sqlite: { path: 'sloburn.db' } },
    log: { level: 'error' },
  }
  const { url } = await runningApp(t, JSON.stringify(config), { rules })
  const now = Math.floor(Date.now() / 1_000) * 1_000
  const shop = pageShop(url, now - toldAtFirstMs)
  await shop.send(now)
  await eventually(async () => {
    const answer: { data: { incidents: readonly unknown[] } } = await (await fetch(`${url}/api/v1/incidents`)).json()
    return answer.data.incidents.length > 0 ? true : undefined
  }, 'an incident is open')
  return { url, tell: () => shop.send(Date.now()) }
}
