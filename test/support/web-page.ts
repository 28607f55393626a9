import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** A browser that is closed when the test ends. */
export async function openBrowser(t: TestContext, path: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  t.after(() => browser.close())
  return browser
}

/** A page whose complaints fail the test. */
export interface WatchedPage {
  readonly page: Page
  /** Fails if anything was written to the console that is no plain message, or anything was thrown. */
  readonly assertQuiet: () => void
}

/** Opens a page in a context of its own. `expected` are complaints that belong to the test, such as an answer that is refused. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly hasClock?: boolean } = {},
  expected = /^$/,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    if (['error', 'warning'].includes(message.type()) && !expected.test(text)) complaints.push(text)
  })
  page.on('pageerror', (error) => complaints.push(String(error.stack)))
  page.setDefaultTimeout(20_000)
  // Time goes on as ever, and can be made to pass: see `passTime`.
  if (options.hasClock === true) await page.clock.install()
  await page.goto(url)
  return { page, assertQuiet: () => assert.deepEqual(complaints, []) }
}

/** As if the page had been open for long enough to ask the engine again; only of pages that were opened with a clock. */
export async function passTime(page: Page): Promise<void> {
  await page.clock.fastForward(10_000)
}

/** Everything that can be acted upon has a name for those who hear the page; no two parts share an id. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  const roles = ['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'image', 'table', 'dialog', 'region']
  const nameless = nodes.filter(({ ignored, role, name }) => {
    return !ignored && roles.includes(String(role?.value)) && String(name?.value ?? '').trim() === ''
  })
  assert.deepEqual(
    nameless.map(({ role }) => role?.value),
    [],
    `${where}: parts without a name`,
  )
  const twins = await page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    return ids.filter((id, index) => ids.indexOf(id) !== index)
  })
  assert.deepEqual(twins, [], `${where}: ids given twice`)
  const levels = await page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1])),
  )
  assert.equal(levels.filter((level) => level === 1).length, 1, `${where}: one heading of all`)
  const skipped = levels.some((level, index) => level > (levels[index - 1] ?? 0) + 1)
  assert.ok(!skipped, `${where}: headings go down one level at a time, not ${levels.join(' ')}`)
}

/** The page is not wider than the window. */
export async function assertNarrow(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${where} is ${wide} px too wide`)
}
