import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignTool } from '../../support/debian.ts'
import { openBrowser, openPage } from '../../support/web-page.ts'
import { engineRoutes, serving, someIncidents } from '../running-server.ts'
import { aBurnRate, alertWindowsMs, anSlo, anUnknownScope, aScope, aView } from '../status-fixture.ts'

const chromium = foreignTool('chromium')
const id = '4b825dc642cb6eb9a060'

/** Where nobody saw anything, windows are read all the same, and hold nothing. */
const unseen = { ...anUnknownScope('global'), burnRates: alertWindowsMs.map((windowMs) => aBurnRate(windowMs, 0, 0)) }
const slos = [
  anSlo('unseen', { scopes: [unseen] }),
  anSlo('idle', { scopes: [aScope('global', { state: 'no-traffic' })] }),
]

test('the page has room for what it shows, and no figure for what nobody saw', { skip: chromium.skip }, async (t) => {
  const known = await someIncidents.timeline(id)
  assert.ok(known !== undefined)
  const [delivery] = known.deliveries
  const attempts = Array.from({ length: 41 }, (_, index) => ({
    deliveryId: delivery.id,
    attempt: index + 1,
    startedAt: delivery.createdAt + index * 1_000,
    endedAt: delivery.createdAt + index * 1_000,
    outcome: 'retry' as const,
    reason: 'no connection: ECONNREFUSED',
  }))
  const incidents = { ...someIncidents, timeline: async () => ({ ...known, attempts }) }
  const url = await serving(t, engineRoutes({ view: aView({ slos }), incidents }))
  const browser = await openBrowser(t, chromium.path)
  const { page, assertQuiet } = await openPage(browser, `${url}/?page=incident&id=${id}`, {}, /404 \(Not Found\)/)

  await page.getByText('31 earlier ones').waitFor()
  const last = page.getByText('41. ')
  const box = await last.boundingBox()
  assert.ok(
    (box?.width ?? 0) > 300 && (box?.height ?? 99) < 30,
    `an attempt stands on one line: ${JSON.stringify(box)}`,
  )

  await page.goto(`${url}/?page=slo&name=unseen`)
  const tiles = page.locator('.figuretile')
  await tiles.first().waitFor()
  const events = await tiles.filter({ hasText: 'Events a second' }).innerText()
  assert.match(events, /—\s+no data/)

  for (const width of [400, 1400]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(`${url}/`)
    await page.getByText('no traffic', { exact: false }).first().waitFor()
    const cut = await page.locator('#slos .badge').evaluateAll((badges) =>
      badges.flatMap((badge) => {
        const cell = badge.closest('td, th')?.getBoundingClientRect()
        return cell !== undefined && badge.getBoundingClientRect().right > cell.right + 0.5 ? [badge.textContent] : []
      }),
    )
    assert.deepEqual(cut, [], `badges that are cut off at ${width} px`)
  }
  assertQuiet()
})
