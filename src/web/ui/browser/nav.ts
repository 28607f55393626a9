import { type Address, linkTo } from './address.ts'
import { fill, h } from './dom.ts'
import { navOf } from './pages.ts'
import type { Overview } from './wire.ts'

interface NavEntry {
  readonly page: string
  readonly word: string
}

const entries: readonly NavEntry[] = [
  { page: '', word: 'Objectives' },
  { page: 'incidents', word: 'Incidents' },
  { page: 'silences', word: 'Silences' },
  { page: 'annotations', word: 'Changes' },
  { page: 'exclusions', word: 'Exclusions' },
  { page: 'oncall', word: 'On-call' },
  { page: 'engine', word: 'Engine' },
]

/** Draws the links to all pages, with how many incidents are open and silences in force. */
export function drawNav(nav: Element, address: Address, { incidents, silences, sources }: Overview): void {
  const counts = new Map([
    ['incidents', { count: incidents.length, word: 'open' }],
    ['silences', { count: silences, word: 'in force' }],
    ['engine', { count: sources.filter(({ problem }) => problem !== null).length, word: 'with a problem' }],
  ])
  const here = navOf(address.get('page') ?? '')
  const hasPage = incidents.some(({ severity, acknowledgedBy }) => severity === 'page' && acknowledgedBy === null)
  const links = entries.map(({ page, word }) => {
    const told = counts.get(page)
    const isLoud = page === 'incidents' ? hasPage : page === 'engine'
    const badge =
      told === undefined || told.count === 0
        ? null
        : h('span', { class: isLoud ? 'count loud' : 'count', 'aria-label': `${told.count} ${told.word}` }, told.count)
    return h('a', { href: linkTo(page), 'aria-current': here === page ? 'page' : undefined }, word, badge)
  })
  fill(nav, links)
}
