import { type Child, h } from './dom.ts'
import { momentText, spanText, unknown } from './figures.ts'
import type { SloJson } from './slo-answers.ts'
import { cell, scrollTable } from './tables.ts'
import type { DefinitionJson } from './wire.ts'

/** As many digits as tell two sets of rules apart at a glance. */
const hashShown = 12

/** Where an SLO is declared and by whom, what it counts, the text of its rule, and since when that is in force. */
export function definitionSection(slo: SloJson, definition: DefinitionJson | undefined, now: number): Child {
  if (definition === undefined) return null
  const { file, line, indicator, rules, source, isCut } = definition
  const read = `${momentText(rules.readAt, now)} UTC (${spanText(now - rules.readAt)} ago)`
  const changed =
    rules.changedAt === null
      ? 'not since the engine started'
      : `${momentText(rules.changedAt, now)} UTC (${spanText(now - rules.changedAt)} ago)`
  return h(
    'section',
    { 'aria-labelledby': 'definition' },
    h('h2', { id: 'definition' }, 'Definition', h('span', { class: 'about' }, ' as it is in force')),
    h(
      'dl',
      { class: 'facts sheet' },
      fact('Declared in', h('code', {}, `${file}:${line}`)),
      fact('Owner', ownerOf(slo)),
      fact('Counted as', indicator.below === null ? indicator.kind : `${indicator.kind} below ${indicator.below}`),
      fact('Rules', h('code', { title: `SHA-256 of all rule files: ${rules.hash}` }, rules.hash.slice(0, hashShown))),
      fact('Rules read', read),
      fact('Rules changed', changed),
    ),
    signalsTable(definition),
    h(
      'details',
      { class: 'written' },
      h('summary', {}, 'The rule as it is written'),
      h('pre', { tabindex: 0, role: 'region', 'aria-label': 'The rule as it is written' }, source),
      isCut ? h('p', { class: 'about' }, `${file} holds more than is shown here.`) : null,
    ),
  )
}

/** Labels say who answers for an SLO; these are what they are called. */
function ownerOf({ labels }: SloJson): string {
  const owners = ['owner', 'team'].flatMap((label) => labels[label] ?? [])
  return owners.length === 0 ? unknown : [...new Set(owners)].join(', ')
}

function fact(name: string, value: Child): Child {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value))
}

function signalsTable({ indicator, consoles }: DefinitionJson): Child {
  const { signals, formulas } = indicator
  if (signals.length + formulas.length === 0) return null
  const counted = signals.map(({ name, selector, query }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      cell('What', h('code', {}, selector)),
      h('td', { class: 'act' }, query === null ? '' : consoles.map((one) => consoleLink(one, query, name))),
    ),
  )
  // A formula that only names its signal says nothing.
  const reckoned = formulas
    .filter(({ name, text }) => name !== text)
    .map(({ name, text }) =>
      h('tr', {}, h('th', { scope: 'row' }, name), cell('What', h('code', {}, text)), h('td', { class: 'act' })),
    )
  return scrollTable('What is counted', ['Count', 'What', ''], [...counted, ...reckoned])
}

/** A graph of the query in a region's Prometheus. Only what is an address of the web becomes a link. */
function consoleLink({ url, region }: DefinitionJson['consoles'][number], query: string, name: string): Child {
  if (!/^https?:/i.test(url)) return null
  const parts = new URLSearchParams({ 'g0.expr': query, 'g0.tab': '0', 'g0.range_input': '1h' })
  return h(
    'a',
    {
      class: 'button',
      href: `${url}/graph?${parts}`,
      target: '_blank',
      rel: 'noreferrer noopener',
      'aria-label': `${name} in the Prometheus of ${region}`,
    },
    `Prometheus ${region}`,
  )
}
