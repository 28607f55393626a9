import { idlePageSpent } from '../model/alert-health.ts'
import type { AlertHealth, Report } from '../model/report.ts'
import type { Block, Cell } from './blocks.ts'
import { formatShare, formatSpan, unknown } from './figures.ts'

/** How alerts treated the people on call. */
export function alertSection({ alerts, alertsBefore, compare, previous }: Report): readonly Block[] {
  const rows = measures.map(({ name, of }): readonly Cell[] => [
    { text: name },
    { text: of(alerts) },
    ...(compare ? [{ text: of(alertsBefore) }] : []),
  ])
  const columns = [
    { title: 'Measure', align: 'left', weight: 3 } as const,
    { title: 'This period', align: 'right', weight: 1 } as const,
    ...(compare ? [{ title: previous.label, align: 'right', weight: 1 } as const] : []),
  ]
  const noisy = alerts.noisiest.map(({ slo, count }) => `${slo} (${count})`).join(', ')
  return [
    { kind: 'heading', text: 'Alerts and on-call', startsPage: true },
    { kind: 'table', table: { caption: 'Incidents that paged or made a ticket', look: 'plain', columns, rows } },
    ...(noisy === '' ? [] : [{ kind: 'text', text: `Most incidents: ${noisy}.` } as const]),
  ]
}

const measures: readonly { readonly name: string; readonly of: (health: AlertHealth) => string }[] = [
  { name: 'Pages', of: ({ pages }) => String(pages) },
  { name: 'Pages in a week', of: ({ pagesPerWeek }) => pagesPerWeek.toFixed(1) },
  { name: 'Pages outside working hours', of: ({ pagesOutOfHours }) => String(pagesOutOfHours) },
  { name: `Pages that spent ${idlePageSpent}`, of: (health) => idle(health) },
  { name: 'Tickets', of: ({ tickets }) => String(tickets) },
  { name: 'From the first failure to the page, median', of: ({ medianDetectMs }) => formatSpan(medianDetectMs) },
  {
    name: 'From the page to somebody who takes it, median',
    of: ({ medianAcknowledgeMs }) => formatSpan(medianAcknowledgeMs),
  },
  { name: 'From the page to its end, median', of: ({ medianResolveMs }) => formatSpan(medianResolveMs) },
]

function idle({ idlePages, judgedPages }: AlertHealth): string {
  return judgedPages === 0 ? unknown : `${idlePages} of ${judgedPages} (${formatShare(idlePages / judgedPages)})`
}
