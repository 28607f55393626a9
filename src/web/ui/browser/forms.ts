import { ApiProblem, forgetToken, hasToken, keepToken } from './api.ts'
import { type Child, h } from './dom.ts'
import type { Scene } from './page.ts'

/** One field of a form. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly kind?: 'text' | 'textarea' | 'checkbox' | 'url'
  readonly value?: string
  readonly hint?: string
  readonly isOptional?: boolean
  /** Texts that are offered. */
  readonly options?: readonly string[]
}

/** What was written into a form, by field. A box that is ticked says `on`. */
export type Written = ReadonlyMap<string, string>

/** What a form asks for, and what it does with it. */
export interface FormParts {
  readonly id: string
  readonly title: string
  readonly fields: readonly Field[]
  readonly action: string
  /** Does it, and answers with what to say. */
  readonly submit: (written: Written) => Promise<string>
  readonly scene: Scene
}

const authorKey = 'sloburn-author'
const outcomes = new Map<string, { readonly text: string; readonly isGood: boolean }>()
/** Counts up when a form is done with, so that an empty one takes its place. */
const done = new Map<string, number>()
let doing: string | undefined

/** A form that says beside its button what became of it, and asks for the token where the engine wants one. */
export function form({ id, title, fields, action, submit, scene }: FormParts): Child {
  const outcome = outcomes.get(id)
  const send = (event: Event): void => {
    event.preventDefault()
    const sheet = event.currentTarget
    if (!(sheet instanceof HTMLFormElement) || doing !== undefined) return
    const written = writtenIn(sheet)
    void perform(id, () => submit(written), scene)
  }
  return h(
    'form',
    { class: 'sheet form', 'aria-labelledby': `${id}-title`, submit: send, key: `${id}/${done.get(id) ?? 0}` },
    h('h2', { id: `${id}-title` }, title),
    fields.map((field) => fieldOf(id, field)),
    h(
      'p',
      { class: 'actions' },
      h('button', { class: 'primary', disabled: doing === id }, action),
      outcome === undefined
        ? null
        : h(
            'span',
            { class: outcome.isGood ? 'good' : 'problem', role: outcome.isGood ? undefined : 'alert' },
            outcome.text,
          ),
    ),
  )
}

/** Does something that changes the engine; where it wants a token, that is asked for and the same is tried again. */
export async function perform(id: string, act: () => Promise<string>, scene: Scene): Promise<void> {
  doing = id
  outcomes.delete(id)
  try {
    const text = await withToken(act)
    outcomes.set(id, { text, isGood: true })
    scene.say(text)
    done.set(id, (done.get(id) ?? 0) + 1)
  } catch (error) {
    outcomes.set(id, { text: error instanceof Error ? error.message : String(error), isGood: false })
  } finally {
    doing = undefined
  }
  await scene.redraw()
}

/** What became of something that was tried. */
export function outcomeOf(id: string): Child {
  const outcome = outcomes.get(id)
  if (outcome === undefined) return null
  return h(
    'span',
    { class: outcome.isGood ? 'good' : 'problem', role: outcome.isGood ? undefined : 'alert' },
    outcome.text,
  )
}

/** Who writes, as they said last in this browser. */
export function author(): string {
  return localStorage.getItem(authorKey) ?? ''
}

/** Remembers who writes. */
export function keepAuthor(name: string): string {
  if (name !== '') localStorage.setItem(authorKey, name)
  return name
}

/** The field for who writes. */
export function authorField(name: string, label: string): Field {
  return { name, label, value: author() }
}

async function withToken(act: () => Promise<string>): Promise<string> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
    const wasKept = hasToken()
    forgetToken()
    const token = await tokenFromReader(
      wasKept ? 'That was not the token.' : 'The engine takes changes only with its API token.',
    )
    if (token === undefined) throw error
    keepToken(token)
    return await act()
  }
}

/** Asks for the token in a dialog; undefined when the reader has none. */
function tokenFromReader(why: string): Promise<string | undefined> {
  const field = h('input', { type: 'password', id: 'token', name: 'token', autocomplete: 'off', required: true })
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'token-title' },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'token-title' }, 'API token'),
      h('p', {}, `${why} It is the api.token of the config, and is kept until this tab is closed.`),
      h('label', { for: 'token' }, 'Token'),
      field,
      h(
        'p',
        { class: 'actions' },
        h('button', { class: 'primary', value: 'use' }, 'Use it'),
        h('button', { value: '', formnovalidate: true }, 'Cancel'),
      ),
    ),
  )
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  if (!(dialog instanceof HTMLDialogElement) || !(field instanceof HTMLInputElement)) return Promise.resolve(undefined)
  dialog.addEventListener('close', () => {
    dialog.remove()
    resolve(dialog.returnValue === 'use' && field.value !== '' ? field.value : undefined)
  })
  document.body.append(dialog)
  dialog.showModal()
  return promise
}

function fieldOf(
  owner: string,
  { name, label, kind = 'text', value = '', hint, isOptional = false, options }: Field,
): Child {
  const id = `${owner}-${name}`
  const about = hint === undefined ? undefined : `${id}-hint`
  const common = { id, name, 'aria-describedby': about, required: !isOptional && kind !== 'checkbox' }
  const told = hint === undefined ? null : h('span', { id: about, class: 'about' }, hint)
  if (kind === 'checkbox') {
    return h(
      'p',
      { class: 'field' },
      h('label', {}, h('input', { ...common, type: 'checkbox', checked: value === 'on' }), ` ${label}`),
      told,
    )
  }
  const list = options === undefined ? undefined : `${id}-options`
  const input =
    kind === 'textarea'
      ? h('textarea', { ...common, rows: 3, spellcheck: 'false' }, value)
      : h('input', { ...common, type: kind, value, autocomplete: 'off', list })
  const offered =
    options === undefined
      ? null
      : h(
          'datalist',
          { id: list },
          options.map((option) => h('option', { value: option })),
        )
  return h(
    'p',
    { class: 'field' },
    h('label', { for: id }, label, isOptional ? h('span', { class: 'about' }, ' optional') : null),
    input,
    offered,
    told,
  )
}

function writtenIn(sheet: HTMLFormElement): Written {
  return new Map([...new FormData(sheet)].map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']))
}
