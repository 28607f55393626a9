import { amendAddress, linkTo } from './address.ts'
import { ask } from './api.ts'
import { type Child, h, s } from './dom.ts'
import { figureTile } from './figure-tile.ts'
import { countText, momentText, plural, shareText, spanOrUnknown, unknown } from './figures.ts'
import type { Page } from './page.ts'
import { figure, figures, scrollTable } from './tables.ts'
import type { OnCallJson } from './wire.ts'

const lengths = ['7', '28', '91', '365'] as const

/** How alerts treat people: pages a week, nights, what was worth it, and who is the noisiest. */
export const onCallPage: Page = {
  title: 'On-call health',
  nav: 'oncall',
  draw: async ({ address, redraw, known }) => {
    const days = lengths.find((length) => length === address.get('days')) ?? '28'
    const health = await ask<OnCallJson>('api/v1/oncall', { days })
    const choose = (length: string) => (): void => {
      amendAddress({ days: length === '28' ? undefined : length })
      void redraw()
    }
    const buttons = lengths.map((length) =>
      h('button', { 'aria-pressed': String(length === days), click: choose(length) }, `${length} days`),
    )
    return [
      h('h1', {}, 'On-call health'),
      h(
        'p',
        { class: 'about' },
        `By the incidents that this engine remembers of those that opened since ${momentText(health.from, known.now)} UTC. Working hours: ${health.hours}; night: ${health.night}.`,
      ),
      h('div', { class: 'choice', role: 'group', 'aria-label': 'Time looked at' }, buttons),
      health.isWhole
        ? null
        : h(
            'p',
            { class: 'problem' },
            'There were more incidents than are read at once: these figures are of the newest alone.',
          ),
      tiles(health, days),
      health.pages + health.tickets === 0 ? null : weeks(health),
      noisiest(health),
    ]
  },
}

function tiles(health: OnCallJson, days: string): Child {
  const { pages, tickets, pagesPerWeek, nightPages, nightPagesPerQuarter, pagesOutOfHours, idlePages, judgedPages } =
    health
  const window = `${days} days`
  return h(
    'dl',
    { class: 'tiles' },
    figureTile(
      `Pages a week, ${window}`,
      pagesPerWeek.toFixed(1),
      `${plural(pages, 'page')}, ${plural(tickets, 'ticket')}`,
    ),
    figureTile('Night pages a quarter', nightPagesPerQuarter.toFixed(1), `${nightPages} in ${window}`),
    figureTile(`Outside working hours, ${window}`, countText(pagesOutOfHours), `of ${plural(pages, 'page')}`),
    figureTile(
      `Could have waited, ${window}`,
      judgedPages === 0 ? unknown : shareText(idlePages / judgedPages),
      judgedPages === 0
        ? 'no page could be judged'
        : `${idlePages} of ${plural(judgedPages, 'page')} spent less than 1 % of an SLO window’s budget`,
    ),
    figureTile(
      'Median until paged',
      spanOrUnknown(health.medianDetectSeconds),
      'from the first failure that stood out',
    ),
    figureTile('Median until taken', spanOrUnknown(health.medianAcknowledgeSeconds), 'from open to acknowledged'),
    figureTile('Median until over', spanOrUnknown(health.medianResolveSeconds), 'from open to the end'),
  )
}

function weeks({ weeks: all }: OnCallJson): Child {
  const most = Math.max(1, ...all.map(({ pages, tickets }) => pages + tickets))
  const wide = 100 / all.length
  const bars = all.map(({ from, pages, tickets }, index) => {
    const place = { x: (index * wide + wide * 0.1).toFixed(2), width: (wide * 0.8).toFixed(2) }
    const [page, ticket] = [(pages / most) * 90, (tickets / most) * 90]
    const told = `week from ${new Date(from * 1_000).toISOString().slice(0, 10)}: ${plural(pages, 'page')}, ${plural(tickets, 'ticket')}`
    return s(
      'g',
      {},
      s('title', {}, told),
      s('rect', { ...place, class: 'ticket', y: (98 - page - ticket).toFixed(2), height: ticket.toFixed(2) }),
      s('rect', { ...place, class: 'page', y: (98 - page).toFixed(2), height: page.toFixed(2) }),
      s('rect', { ...place, class: 'base', y: 98, height: 1.2 }),
    )
  })
  const told = all.map(({ pages, tickets }) => `${pages} and ${tickets}`).join('; ')
  return h(
    'section',
    { 'aria-labelledby': 'weeks' },
    h(
      'h2',
      { id: 'weeks' },
      'Week by week',
      h('span', { class: 'about' }, ` pages below, tickets above; the highest week has ${most}`),
    ),
    h(
      'div',
      { class: 'sheet' },
      s(
        'svg',
        {
          class: 'weeks',
          viewBox: '0 0 100 100',
          preserveAspectRatio: 'none',
          role: 'img',
          'aria-label': `Pages and tickets by week, the oldest first: ${told}`,
        },
        bars,
      ),
    ),
  )
}

function noisiest({ noisiest: all, pages, tickets }: OnCallJson): Child {
  if (all.length === 0) return h('p', { class: 'none' }, 'Nothing alerted.')
  const rows = all.map(({ slo, count }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('a', { href: linkTo('slo', { name: slo }), 'data-row': slo }, slo)),
      figure('Incidents', count),
      figure('Of all', shareText(count / (pages + tickets))),
    ),
  )
  return h(
    'section',
    { 'aria-labelledby': 'noisiest' },
    h('h2', { id: 'noisiest' }, 'The noisiest'),
    scrollTable('The noisiest', ['SLO', ...figures('Incidents', 'Of all')], rows),
  )
}
