import { currentAddress } from './address.ts'
import { ApiProblem, forgetAnswers } from './api.ts'
import { byId, fill, h } from './dom.ts'
import { momentText } from './figures.ts'
import { startKeyboard, stepRowsBy } from './keyboard.ts'
import { Known } from './known.ts'
import { drawNav } from './nav.ts'
import type { Page, Scene } from './page.ts'
import { pageNamed } from './pages.ts'

/** How long to wait before the engine is asked again when it did not answer. */
const patienceMs = 3_000

const known = new Known()
const main = byId('main')
let drawing = 0
let shown = ''

/** Asks what changed, and draws what is shown anew; a page that nobody looks at is left alone. */
async function turn(): Promise<void> {
  let waitMs = patienceMs
  if (!document.hidden) {
    try {
      forgetAnswers()
      const overview = await known.refresh()
      waitMs = overview.everySeconds * 1_000
      offline(undefined)
      drawFrame()
      await draw(false)
    } catch (error) {
      offline(error)
    }
  }
  setTimeout(() => void turn(), waitMs)
}

/** Draws the page that the address names; an answer that comes after a newer one was asked for is dropped. */
async function draw(isNew: boolean): Promise<void> {
  const turnOf = ++drawing
  const address = currentAddress()
  const page = pageNamed(address.get('page') ?? '')
  stepRowsBy(undefined)
  const scene: Scene = { address, known, isNew, redraw: () => draw(false), say }
  const content = await contentOf(page, scene)
  if (turnOf !== drawing) return
  // Another page, or another thing on it, takes nothing over: no half-filled form, no fold that was open.
  const key = ['page', 'name', 'id'].map((part) => address.get(part) ?? '').join('/')
  fill(main, h('div', { key }, content))
  setTitle(page, address.get('name') ?? address.get('id') ?? '')
  if (isNew) arrived()
}

async function contentOf(page: Page, scene: Scene) {
  try {
    return await page.draw(scene)
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    const back = h('p', {}, h('a', { href: './' }, 'to the objectives'))
    return h(
      'div',
      { class: 'sheet' },
      h('h1', {}, 'Nothing to show'),
      h('p', { class: 'problem' }, error.message),
      back,
    )
  }
}

function drawFrame(): void {
  const overview = known.overview
  if (overview === undefined) return
  const { notReady, evaluatedAt, now } = overview
  const state = notReady.length === 0 ? '● ready' : `◐ not ready: ${notReady.join('; ')}`
  const data = evaluatedAt === null ? 'no data yet' : `data to ${momentText(evaluatedAt, now)} UTC`
  fill(byId('engine'), h('span', { class: notReady.length === 0 ? 'good' : 'problem' }, state), ` · ${data}`)
  drawNav(byId('nav'), currentAddress(), overview)
}

function setTitle({ title }: Page, about: string): void {
  const pages = known.overview?.incidents.filter(({ severity }) => severity === 'page').length ?? 0
  document.title = `${pages === 0 ? '' : `(${pages}) `}${about === '' ? title : `${about} · ${title}`} · sloburn`
}

/** A reader who follows a link starts at the top of the page, with the keyboard and the ear as well. */
function arrived(): void {
  const place = location.search
  if (shown !== '' && shown !== place) {
    scrollTo({ top: 0 })
    main.focus({ preventScroll: true })
    say(document.title)
  }
  shown = place
}

function offline(error: unknown): void {
  const banner = byId('offline')
  banner.hidden = error === undefined
  if (error === undefined) return
  const age = known.overview === undefined ? '' : ` What stands below is of ${momentText(known.now, known.now)} UTC.`
  fill(banner, `The engine does not answer.${age}`)
  if (!document.title.startsWith('(?) ')) document.title = `(?) ${document.title}`
}

function say(text: string): void {
  fill(byId('said'), text)
}

function go(href: string): void {
  history.pushState(null, '', href)
  drawFrame()
  void draw(true).catch(offline)
}

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  const href = link?.getAttribute('href') ?? ''
  if (link === null || link.target !== '' || !(href === './' || href.startsWith('?'))) return
  event.preventDefault()
  go(href)
})
addEventListener('popstate', () => {
  drawFrame()
  void draw(true).catch(offline)
})
startKeyboard({ go })
void turn()
