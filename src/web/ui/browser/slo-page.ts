import { amendAddress, linkTo } from './address.ts'
import { ask } from './api.ts'
import { conditionBadge, conditionBadges } from './condition.ts'
import { type Child, h } from './dom.ts'
import { durationSeconds, objectiveText, periodText, windowText } from './figures.ts'
import type { IncidentJson } from './incident-answers.ts'
import { incidentList } from './incident-list.ts'
import { KeptAnswer } from './kept-answer.ts'
import type { AnnotationJson, ExclusionJson } from './notice-answers.ts'
import type { Page, Scene } from './page.ts'
import type { ScopeJson, SloJson } from './slo-answers.ts'
import { chartRanges, sloCharts } from './slo-charts.ts'
import type { SloChartsParts } from './slo-charts-parts.ts'
import { definitionSection } from './slo-definition.ts'
import { errorsAbout, errorsTable } from './slo-errors.ts'
import { exemplarsSection, regionsTable, rulesTable } from './slo-tables.ts'
import { sloTiles } from './slo-tiles.ts'
import { whyAlerts } from './why-alerts.ts'
import type { Condition, DefinitionJson, HistoryJson } from './wire.ts'

/** Lines hardly move within this, and cost the engine more than figures. */
const histories = new KeptAnswer<HistoryJson>(10_000)
/** What is declared changes with a reload only. */
const definitions = new KeptAnswer<DefinitionJson>(30_000)
/** The API looks no further at once. */
const stretchMax = 449 * 86_400

let cross: number | undefined

/** One SLO: its figures, charts, regions, rules, and what happened to it. */
export const sloPage: Page = {
  title: 'Objective',
  nav: '',
  draw: async (scene) => {
    const { address, known } = scene
    const name = address.get('name') ?? ''
    const path = `api/v1/slos/${encodeURIComponent(name)}`
    const [slo, definition, { incidents }, { annotations }] = await Promise.all([
      ask<SloJson>(path),
      definitions.get(name, () => ask<DefinitionJson>(`${path}/definition`)),
      ask<{ incidents: readonly IncidentJson[] }>('api/v1/incidents', { state: 'all', slo: name, limit: '50' }),
      ask<{ annotations: readonly AnnotationJson[] }>('api/v1/annotations', { limit: '200' }),
    ])
    const scope = slo.scopes.find((one) => one.scope === address.get('scope')) ?? slo.scopes[0]
    if (scope === undefined)
      return h('div', { class: 'sheet' }, header(slo, undefined), h('p', {}, 'No region of it was seen yet.'))
    const range =
      chartRanges(windowSeconds(slo, scope)).find((one) => one === address.get('range')) ?? usualRange(slo, scope)
    const history = await historyOf({ slo: name, scope: scope.scope, range })
    const { now } = known
    const exclusions = await exclusionsAround(history, scope, now)
    const below = definition?.indicator.below ?? null
    return [
      header(slo, scope),
      whyAlerts(slo, now),
      scopeChooser(slo, scope, scene),
      sloTiles(slo, scope, below),
      chartsSection(
        { slo, scope, range, history, happened: { incidents, changes: annotations, exclusions, below } },
        scene,
      ),
      section('Regions', `what each region spends, and how its data stands`, regionsTable(slo, now)),
      section(
        'Alert rules',
        `as they stand in ${scope.scope}; a rule holds while both windows are above its burn rate`,
        rulesTable(slo, scope, now),
      ),
      section('Top errors', errorsAbout(scope, now), errorsTable(scope, slo.window)),
      exemplarsSection(scope, now),
      section('Incidents', 'the newest first', incidentList(incidents, now)),
      definitionSection(slo, definition, now),
    ]
  },
}

/** A day, or the shortest that holds all that was seen so far: an engine that began lately has little to show. */
function usualRange(slo: SloJson, scope: ScopeJson): string {
  const length = windowSeconds(slo, scope)
  const seen = (scope.coverage ?? 0) * length
  const presets = chartRanges(length)
    .slice(1)
    .filter((range) => range !== '7d')
  return presets.toReversed().find((range) => (durationSeconds(range) ?? 0) >= seen) ?? presets[0] ?? 'window'
}

/** How long the SLO window is; of one of the calendar the period under way, once that was evaluated. */
function windowSeconds({ window }: SloJson, { detail }: ScopeJson): number {
  return durationSeconds(window) ?? detail?.budget.lengthSeconds ?? Number.MAX_VALUE
}

async function historyOf(query: { readonly slo: string; readonly scope: string; readonly range: string }) {
  const key = JSON.stringify(query)
  if (histories.isOther(key)) cross = undefined
  // A scope that was never evaluated has no history; the rest of the page has much to say all the same.
  return await histories.get(key, () => ask<HistoryJson>('api/v1/history', query))
}

/** What is left out of the time that charts show, and of the window to come. */
async function exclusionsAround(history: HistoryJson | undefined, { detail }: ScopeJson, now: number) {
  const from = Math.floor(history?.points[0]?.at ?? now - 1)
  const to = Math.ceil(now + (detail?.budget.lengthSeconds ?? 0))
  const parts = { from: String(from), to: String(Math.min(to, from + stretchMax)) }
  return (await ask<{ exclusions: readonly ExclusionJson[] }>('api/v1/exclusions', parts)).exclusions
}

function header(slo: SloJson, scope: ScopeJson | undefined): Child {
  const { name, service, description, objective, window, labels, runbook, dashboard } = slo
  const links = [outside('Runbook', runbook), outside('Dashboard', dashboard)]
  const matcher = `slo="${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return h(
    'header',
    { class: 'head' },
    h(
      'p',
      { class: 'crumbs' },
      h('a', { href: './' }, 'Objectives'),
      ' / ',
      h('a', { href: linkTo('', { service }) }, service),
    ),
    h('h1', {}, scope === undefined ? null : [stateOf(slo), ' '], name),
    description === '' ? null : h('p', {}, description),
    h(
      'p',
      { class: 'about' },
      `${objectiveText(objective)} ${periodText(window)} · ${service}`,
      Object.entries(labels).map(([label, value]) => h('span', { class: 'label' }, `${label}:${value}`)),
    ),
    h(
      'p',
      { class: 'actions' },
      links,
      h('a', { class: 'button', href: linkTo('silences', { matchers: matcher }) }, 'Silence'),
      h('a', { class: 'button', href: linkTo('annotations', { service }) }, 'Note a change'),
      h('a', { class: 'button', href: linkTo('exclusions', { slo: name }) }, 'Leave a period out'),
    ),
  )
}

function stateOf({ scopes }: SloJson): Child {
  const firing = scopes.flatMap(({ alerts }) => alerts.filter((alert) => alert.firing).map(({ severity }) => severity))
  const worst: Condition | undefined = firing.includes('page')
    ? 'page'
    : firing.includes('ticket')
      ? 'ticket'
      : undefined
  return worst === undefined
    ? conditionBadge(scopes[0]?.state ?? 'no-data')
    : conditionBadges(worst, scopes[0]?.state ?? 'ok')
}

/** A link that leaves the engine; only what is an address of the web becomes one. */
function outside(text: string, url: string | null): Child {
  if (url === null || !/^https?:/i.test(url)) return null
  return h('a', { class: 'button', href: url, target: '_blank', rel: 'noreferrer noopener' }, text)
}

function scopeChooser({ scopes }: SloJson, { scope }: ScopeJson, scene: Scene): Child {
  if (scopes.length < 2) return null
  const buttons = scopes.map((one) => {
    const choose = (): void => {
      amendAddress({ scope: one.scope === scopes[0].scope ? undefined : one.scope })
      void scene.redraw()
    }
    return h(
      'button',
      { 'aria-pressed': String(one.scope === scope), click: choose },
      one.scope === 'global' ? 'all regions' : one.scope,
    )
  })
  return h('div', { class: 'choice', role: 'group', 'aria-label': 'Scope' }, buttons)
}

/** What is drawn over time, and over which. */
interface Charted {
  readonly slo: SloJson
  readonly scope: ScopeJson
  readonly range: string
  readonly history: HistoryJson | undefined
  readonly happened: Pick<SloChartsParts, 'incidents' | 'changes' | 'exclusions' | 'below'>
}

function chartsSection({ slo, scope, range, history, happened }: Charted, scene: Scene): Child {
  const isLog = scene.address.get('log') === '1'
  const look = (index: number | undefined): void => {
    if (cross === index) return
    cross = index
    void scene.redraw()
  }
  const about = `${scope.scope === 'global' ? 'all regions' : scope.scope}, ${shownText(slo, range)}, in UTC`
  const drawn =
    history === undefined
      ? h('p', { class: 'none' }, 'Nothing was evaluated here yet.')
      : sloCharts({
          slo,
          scope,
          history,
          ...happened,
          isWhole: range === 'window',
          isLog,
          now: scene.known.now,
          cross,
          look,
          redraw: () => void scene.redraw(),
        })
  return section('Over time', about, rangeChooser({ slo, scope, range }, isLog, scene), drawn)
}

function rangeChooser(
  { slo, scope, range }: Pick<Charted, 'slo' | 'scope' | 'range'>,
  isLog: boolean,
  scene: Scene,
): Child {
  const amend = (parts: Readonly<Record<string, string | undefined>>): void => {
    amendAddress(parts)
    void scene.redraw()
  }
  const presets = chartRanges(windowSeconds(slo, scope)).map((one) =>
    h(
      'button',
      {
        'aria-pressed': String(one === range),
        click: () => amend({ range: one === usualRange(slo, scope) ? undefined : one }),
      },
      one === 'window' ? windowText(slo.window) : one,
    ),
  )
  const log = h(
    'button',
    { 'aria-pressed': String(isLog), click: () => amend({ log: isLog ? undefined : '1' }) },
    'log scale',
  )
  return h('div', { class: 'choice', role: 'group', 'aria-label': 'Time shown' }, presets, log)
}

function shownText({ window }: SloJson, range: string): string {
  if (range !== 'window') return `the last ${range}`
  return durationSeconds(window) === undefined ? windowText(window) : `the last ${window}`
}

function section(title: string, about: string, ...children: readonly Child[]): Child {
  const id = title.toLowerCase().replaceAll(' ', '-')
  return h(
    'section',
    { 'aria-labelledby': id },
    h('h2', { id }, title, h('span', { class: 'about' }, ` ${about}`)),
    children,
  )
}
