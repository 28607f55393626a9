/**
 * Fetches the page anew every few seconds and puts its main part in place, keeping focus and the scroll positions of
 * tables and lists. A hidden page is left alone; an engine that does not answer is said so, because an old page looks like a good one.
 */
export const script = `
const everyMs = 3000, patienceMs = 10000
const offline = document.getElementById('offline')
async function refresh() {
  if (document.hidden) return
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store', signal: AbortSignal.timeout(patienceMs) })
    if (!answer.ok) throw new Error(String(answer.status))
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    put(page.getElementById('main'))
    document.title = page.title
    offline.hidden = true
  } catch {
    offline.hidden = false
    document.title = '(?) sloburn'
  }
}
function put(fresh) {
  const main = document.getElementById('main')
  if (!getSelection().isCollapsed || main.innerHTML === fresh.innerHTML) return
  const focused = [...main.querySelectorAll('a, [tabindex]')].indexOf(document.activeElement)
  const offsets = [...main.querySelectorAll('.scroll')].map((part) => [part.id, part.scrollLeft, part.scrollTop])
  main.replaceWith(fresh)
  if (focused >= 0) fresh.querySelectorAll('a, [tabindex]')[focused]?.focus({ preventScroll: true })
  for (const [id, left, top] of offsets) document.getElementById(id)?.scrollTo({ left, top, behavior: 'instant' })
}
async function keepFresh() {
  await refresh()
  setTimeout(keepFresh, everyMs)
}
setTimeout(keepFresh, everyMs)
document.addEventListener('visibilitychange', refresh)
`
