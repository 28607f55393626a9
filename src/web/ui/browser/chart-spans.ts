import type { ChartSpan } from './chart.ts'
import { type Child, h } from './dom.ts'
import { momentText } from './figures.ts'
import type { IncidentJson } from './incident-answers.ts'
import type { AnnotationJson, ExclusionJson } from './notice-answers.ts'
import type { ScopeJson, SloJson } from './slo-answers.ts'
import type { HistoryJson } from './wire.ts'

/** What may have happened. */
export interface SpanParts {
  readonly slo: SloJson
  readonly scope: ScopeJson
  readonly history: HistoryJson
  readonly incidents: readonly IncidentJson[]
  readonly changes: readonly AnnotationJson[]
  readonly exclusions: readonly ExclusionJson[]
  readonly now: number
}

/** What happened while the lines were drawn: incidents, changes, periods left out, and where nothing was seen. */
export function chartSpans({
  history,
  incidents,
  changes,
  exclusions,
  now,
  slo,
  scope,
}: SpanParts): readonly ChartSpan[] {
  const { points } = history
  const unseen = unseenSpans(points)
  const open = incidents.map(({ openedAt, clearedAt, severity, sev }): ChartSpan => {
    return {
      from: openedAt,
      to: clearedAt ?? now,
      kind: severity,
      about: `${sev} ${severity} since ${momentText(openedAt, now)} UTC`,
    }
  })
  const own = changes.filter(({ service }) => service === null || service === slo.service)
  const marks = own.map(({ at, kind, text }): ChartSpan => {
    return { from: at, to: at, kind: 'change', about: `${kind} ${text}, ${momentText(at, now)} UTC` }
  })
  const from = points[0]?.at ?? now
  const left = exclusions.flatMap((exclusion) => excludedSpans(exclusion, slo, scope.scope))
  return [...unseen, ...left, ...open, ...marks].filter(({ to }) => to >= from)
}

/** Periods that are left out or not told here, each time that they come. */
function excludedSpans(exclusion: ExclusionJson, slo: SloJson, scope: string): readonly ChartSpan[] {
  const { occurrences = [], slos, services, regions, excludeFromBudget, author, reason } = exclusion
  const name = slo.name.replace(/\{.*/s, '')
  const isAbout =
    (slos.length === 0 || slos.includes(slo.name) || slos.includes(name)) &&
    (services.length === 0 || services.includes(slo.service)) &&
    (regions.length === 0 || regions.includes(scope))
  if (!isAbout) return []
  const about = `${excludeFromBudget ? 'left out' : 'not told'} by ${author}: ${reason}`
  return occurrences.map(({ from, to }) => ({ from, to, kind: 'excluded', about }))
}

/** Steps of which nothing was seen, one stretch for those that follow each other. */
function unseenSpans(points: HistoryJson['points']): readonly ChartSpan[] {
  const spans: ChartSpan[] = []
  for (const [index, { at, seen }] of points.entries()) {
    const from = points[index - 1]?.at
    if (seen > 0 || from === undefined) continue
    const last = spans.at(-1)
    if (last?.to === from) spans.pop()
    spans.push({ from: last?.to === from ? last.from : from, to: at, kind: 'unseen', about: 'no data was seen' })
  }
  return spans
}

/** What the shades of charts mean. */
export function spanLegend(): Child {
  const entries = [
    ['page', 'page open'],
    ['ticket', 'ticket open'],
    ['change', 'change'],
    ['excluded', 'maintenance, left out'],
    ['unseen', 'no data'],
  ]
  return h(
    'p',
    { class: 'legend' },
    entries.map(([kind, text]) => h('span', {}, h('i', { class: kind, 'aria-hidden': 'true' }), ` ${text}`)),
  )
}
