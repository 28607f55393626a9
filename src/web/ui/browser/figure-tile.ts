import { type Child, h } from './dom.ts'
import { unknown } from './figures.ts'

/** One figure, what it is called and what it is made of; `bad` where it is not as it should be. */
export function figureTile(head: string, figure: string, about: string, kind: 'bad' | '' = ''): Child {
  const text = h('b', { class: figure === unknown ? 'missing' : '' }, figure)
  return h('div', { class: `figuretile ${kind}` }, h('dt', {}, head), h('dd', {}, text, h('span', {}, about)))
}
