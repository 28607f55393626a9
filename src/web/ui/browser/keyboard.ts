import { h } from './dom.ts'

const help = [
  ['j, k', 'next, previous row'],
  ['Enter', 'open the row'],
  ['/', 'search'],
  ['Esc', 'leave the search'],
  ['g then o, i, s, c, x, d, e', 'objectives, incidents, silences, changes, exclusions, on-call, engine'],
  ['?', 'this help'],
] as const

const jumps: Readonly<Record<string, string>> = {
  o: './',
  i: '?page=incidents',
  s: '?page=silences',
  c: '?page=annotations',
  x: '?page=exclusions',
  d: '?page=oncall',
  e: '?page=engine',
}

/** Where the next j or k goes, where rows are drawn only as they come into view. */
export interface RowSteps {
  step(by: 1 | -1): void
}

let steps: RowSteps | undefined

/** Hands the keys j and k to a list that knows rows which are not drawn. */
export function stepRowsBy(rows: RowSteps | undefined): void {
  steps = rows
}

/** Listens for the keys that work everywhere. */
export function startKeyboard({ go }: { readonly go: (href: string) => void }): void {
  let isJump = false
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { target, key } = event
    if (isTyping(target)) {
      if (key === 'Escape' && target instanceof HTMLElement) target.blur()
      return
    }
    if (document.querySelector('dialog[open]') !== null) return
    const jump = isJump ? jumps[key] : undefined
    isJump = key === 'g'
    if (jump !== undefined) go(jump)
    else if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1)
    else if (key === '/') focusSearch()
    else if (key === '?') showHelp()
    else return
    event.preventDefault()
  })
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type))
  )
}

function step(by: 1 | -1): void {
  if (steps !== undefined) return steps.step(by)
  const links = [...document.querySelectorAll<HTMLElement>('main a[data-row]')]
  const at = links.findIndex((link) => link === document.activeElement)
  const next = at < 0 ? (by === 1 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))
  links[next]?.focus()
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('input[type=search]')
  field?.focus()
  field?.select()
}

function showHelp(): void {
  const rows = help.map(([keys, what]) => [h('dt', {}, h('kbd', {}, keys)), h('dd', {}, what)])
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'keys' },
    h('h2', { id: 'keys' }, 'Keys'),
    h('dl', {}, rows),
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  )
  if (!(dialog instanceof HTMLDialogElement)) return
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
