import { reportIncidentsShownMax } from '../../core/model/limits.ts'
import type { IncidentLine, Report } from '../model/report.ts'
import type { Block, Cell } from './blocks.ts'
import {
  formatAttained,
  formatChange,
  formatCount,
  formatMoney,
  formatShare,
  formatSpan,
  formatTime,
  roundedObjective,
  unknown,
} from './figures.ts'

const columns = [
  { title: 'Opened', align: 'left', weight: 1.3 },
  { title: 'SLO', align: 'left', weight: 2 },
  { title: 'Where', align: 'left', weight: 1.2 },
  { title: 'Lasted', align: 'right', weight: 0.9 },
  { title: 'Bad events', align: 'right', weight: 0.9 },
  { title: 'Budget spent', align: 'right', weight: 0.9 },
  { title: 'Change before it', align: 'left', weight: 1.3 },
] as const

/** Incidents, what spent most first. */
export function incidentSection({ incidents, incidentTotals, period }: Report): readonly Block[] {
  const heading: Block = { kind: 'heading', text: 'Incidents by budget spent', startsPage: true }
  if (incidents.length === 0) return [heading, { kind: 'text', text: 'There was no incident.' }]
  const shown = incidents.slice(0, reportIncidentsShownMax)
  const hidden = incidents.length - shown.length
  const top =
    incidentTotals.topShare === null || incidents.length <= 5
      ? ''
      : ` The five largest have ${formatShare(incidentTotals.topShare)} of what all of them spent.`
  const more = hidden > 0 ? ` ${hidden} more are not listed.` : ''
  return [
    heading,
    {
      kind: 'text',
      text: `For ${formatSpan(incidentTotals.minutes * 60_000)} one at least was open.${top}${more} Bad events are those from when its evidence began, or else it opened, until it was over; budget is that of this period.${estimatesOf(shown)}`,
    },
    {
      kind: 'table',
      table: { caption: 'Incidents', look: 'plain', columns, rows: shown.map((line) => rowOf(line, period.timeZone)) },
    },
  ]
}

function estimatesOf(lines: readonly IncidentLine[]): string {
  const hasEstimates = lines.some(({ isEstimated, budgetSpent }) => isEstimated && budgetSpent !== null)
  return hasEstimates
    ? ' What has a ≈ is estimated from the burn rates that were kept: its events were not counted.'
    : ''
}

/** Regions with their reliability, and with what they cost where that is configured. */
export function regionSection({ regions, settings, compare, overall }: Report): readonly Block[] {
  if (regions.length === 0) return []
  const { costs } = settings
  const hasCosts = costs !== null && regions.some(({ cost }) => cost !== null)
  const asked = roundedObjective(overall.objective)
  const rows = regions.map((line): readonly Cell[] => [
    { text: line.region },
    { text: formatCount(line.total) },
    { text: formatAttained(line.sli, asked), note: compare ? formatChange(line.sli, line.sliBefore, 3) : '' },
    { text: formatShare(line.consumed) },
    { text: formatShare(line.coverage) },
    ...(hasCosts
      ? [
          { text: formatMoney(line.cost, costs.currency) },
          {
            text: formatMoney(line.costPerMillion, costs.currency),
            note:
              compare && line.costPerMillionBefore !== null
                ? `${formatMoney(line.costPerMillionBefore, costs.currency)} before`
                : '',
          },
        ]
      : []),
    ...(costs !== null && costs.perBadEvent !== null ? [{ text: formatMoney(line.badEventCost, costs.currency) }] : []),
  ])
  const columnsOf = [
    { title: 'Region', align: 'left', weight: 1.4 } as const,
    ...[
      'Events',
      'Good',
      'Budget spent',
      'Coverage',
      ...(hasCosts ? ['Cost', 'Cost per million'] : []),
      ...(costs !== null && costs.perBadEvent !== null ? ['Cost of failures'] : []),
    ].map((title) => ({ title, align: 'right', weight: 1 }) as const),
  ]
  return [
    { kind: 'heading', text: hasCosts ? 'Regions: reliability and cost' : 'Regions', startsPage: false },
    {
      kind: 'table',
      table: { caption: 'All SLOs that count events, by region', look: 'plain', columns: columnsOf, rows },
    },
    ...creditsOf(costs, overall.sli),
  ]
}

function creditsOf(costs: Report['settings']['costs'], sli: number | null): readonly Block[] {
  if (costs === null || costs.credits.length === 0) return []
  const reached = costs.credits
    .filter(({ below }) => sli !== null && sli < below)
    .toSorted((a, b) => a.below - b.below)[0]
  const text =
    sli === null
      ? `Credits owed to customers: ${unknown}.`
      : `Credits owed to customers: ${formatMoney(reached?.amount ?? 0, costs.currency)}.`
  return [{ kind: 'text', text }]
}

function rowOf(line: IncidentLine, timeZone: string): readonly Cell[] {
  const where = line.scopes.map((scope) => (scope === 'global' ? 'all regions' : scope)).join(', ')
  const about = line.isEstimated ? '≈ ' : ''
  return [
    { text: formatTime(line.openedAt, timeZone), note: line.isOutOfHours ? 'out of hours' : '' },
    { text: line.slo, note: `${line.severity} · ${line.service}` },
    { text: where },
    { text: formatSpan(line.durationMs), note: line.endedAt === null ? 'still open' : '' },
    { text: line.badEvents === null ? unknown : `${about}${formatCount(line.badEvents)}` },
    { text: line.budgetSpent === null ? unknown : `${about}${formatShare(line.budgetSpent)}` },
    { text: line.cause === '' ? unknown : line.cause, ...(line.link === null ? {} : { link: line.link }) },
  ]
}
