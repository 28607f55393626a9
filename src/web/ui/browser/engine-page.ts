import { ask, post } from './api.ts'
import { type Child, h } from './dom.ts'
import type { CardinalityJson, CardinalityLineJson } from './engine-answers.ts'
import { figureTile } from './figure-tile.ts'
import { countText, momentText, spanText, unknown } from './figures.ts'
import { outcomeOf, perform } from './forms.ts'
import { inboxSection } from './list-strip.ts'
import type { Page, Scene } from './page.ts'
import { cell, figure, figures, scrollTable } from './tables.ts'
import type { SourceJson } from './wire.ts'

/** How the engine itself stands: its sources, what it counts, and its config. */
export const enginePage: Page = {
  title: 'Engine',
  nav: 'engine',
  draw: async (scene) => {
    const { known } = scene
    const { cardinality } = await ask<{ cardinality: CardinalityJson }>('api/v1/status')
    const { overview, now } = known
    const notReady = overview?.notReady ?? []
    return [
      h('h1', {}, 'Engine'),
      h(
        'p',
        { class: notReady.length === 0 ? 'good' : 'problem' },
        notReady.length === 0 ? '● ready: what it says can be relied upon' : `◐ not ready: ${notReady.join('; ')}`,
      ),
      h(
        'p',
        { class: 'about' },
        `The engine's clock says ${momentText(now, now)} UTC. All times on these pages are in UTC.`,
      ),
      h(
        'section',
        { 'aria-labelledby': 'sources' },
        h('h2', { id: 'sources' }, 'Sources'),
        sources(overview?.sources ?? [], now),
      ),
      counted(cardinality),
      config(scene),
      inboxSection(known, Number.POSITIVE_INFINITY),
    ]
  },
}

function sources(all: readonly SourceJson[], now: number): Child {
  if (all.length === 0) return h('p', { class: 'none' }, 'No source is configured.')
  const rows = all.map(({ name, kind, region, watermark, problem, historyRead }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      cell('Kind', kind),
      cell('Region', region ?? 'as the samples say'),
      cell(
        'Data to',
        watermark === null
          ? h('span', { class: 'missing', title: 'no sample yet' }, unknown)
          : momentText(watermark, now),
      ),
      figure(
        'Behind',
        watermark === null
          ? h('span', { class: 'missing', title: 'no sample yet' }, unknown)
          : spanText(now - watermark),
      ),
      cell(
        'State',
        problem === null
          ? h(
              'span',
              { class: 'good' },
              historyRead === undefined ? '● fine' : `◐ history ${Math.floor(historyRead * 100)} % read`,
            )
          : h('span', { class: 'problem' }, `✕ ${problem}`),
      ),
    ),
  )
  return scrollTable('Sources', ['Source', 'Kind', 'Region', 'Data to, UTC', ...figures('Behind'), 'State'], rows)
}

function counted({ series, targets, refused, slos, metrics, sources: bySource }: CardinalityJson): Child {
  return h(
    'section',
    { 'aria-labelledby': 'counted' },
    h('h2', { id: 'counted' }, 'What is counted'),
    h(
      'dl',
      { class: 'tiles' },
      figureTile('Series', countText(series), 'that some SLO wants'),
      figureTile('Targets', countText(targets), 'processes that expose them'),
      figureTile('Refused', countText(refused), 'because their SLO has as many as it may', refused > 0 ? 'bad' : ''),
    ),
    h('div', { class: 'thirds' }, most('By SLO', slos), most('By metric', metrics), most('By source', bySource)),
  )
}

function most(title: string, lines: readonly CardinalityLineJson[]): Child {
  const rows = lines.map(({ name, series }) =>
    h('tr', {}, h('th', { scope: 'row', class: 'wrap' }, name), figure('Series', countText(series))),
  )
  return h('div', {}, h('h3', {}, title), scrollTable(title, ['Name', ...figures('Series')], rows))
}

function config(scene: Scene): Child {
  const reload = (): void => {
    void perform(
      'reload',
      async () => {
        const { problems } = await post<{ problems: readonly string[] }>('-/reload', {})
        return problems.length === 0
          ? 'Config and rules are in force anew.'
          : `In force anew, with warnings: ${problems.join('; ')}`
      },
      scene,
    )
  }
  return h(
    'section',
    { 'aria-labelledby': 'config' },
    h('h2', { id: 'config' }, 'Config and rules'),
    h('p', { class: 'actions' }, h('button', { click: reload }, 'Reload config and rules'), outcomeOf('reload')),
    h(
      'p',
      { class: 'about' },
      'With an error in them the old ones stay in force. For programs: ',
      h('a', { href: 'api/v1/slos', target: '_blank' }, 'API'),
      ', ',
      h('a', { href: 'metrics', target: '_blank' }, 'metrics'),
      ', ',
      h('a', { href: '-/ready', target: '_blank' }, 'readiness'),
      '.',
    ),
  )
}
