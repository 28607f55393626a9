import { reportGapsShownMax } from '../../core/model/limits.ts'
import type { Report } from '../model/report.ts'
import type { Block, ListItem } from './blocks.ts'
import { formatShare, formatSpan } from './figures.ts'

/** What was left out, what was not seen, and what every word means. */
export function methodSection(report: Report): readonly Block[] {
  return [
    ...exclusionsOf(report),
    ...coverageOf(report),
    { kind: 'heading', text: 'What the words mean', startsPage: false },
    { kind: 'list', items: definitions },
  ]
}

function exclusionsOf({ exclusions, slos }: Report): readonly Block[] {
  const heading: Block = { kind: 'heading', text: 'Left out', startsPage: false }
  if (exclusions.length === 0)
    return [heading, { kind: 'text', text: 'Nothing was left out of the budgets, and no maintenance took place.' }]
  const columns = [
    { title: 'What', align: 'left', weight: 2 },
    { title: 'For', align: 'right', weight: 0.8 },
    { title: 'Effect', align: 'left', weight: 1.3 },
    { title: 'Reason', align: 'left', weight: 2.4 },
    { title: 'Author', align: 'left', weight: 1 },
  ] as const
  const rows = exclusions.map((line) => [
    { text: line.about },
    { text: formatSpan(line.lengthMs), note: line.times > 1 ? `${line.times} times` : '' },
    { text: line.isTakenBack ? 'taken back' : line.effect },
    { text: line.reason },
    { text: line.author },
  ])
  const table = { caption: 'Maintenance and corrections', look: 'plain', columns, rows } as const
  return [heading, ...estimatesOf(slos), { kind: 'table', table }]
}

function estimatesOf(slos: Report['slos']): readonly Block[] {
  const estimated = slos.filter((line) => line.isExclusionEstimated).length
  if (estimated === 0) return []
  const whose = estimated === 1 ? 'one SLO' : `${estimated} SLOs`
  const text = `For ${whose} what was left out is estimated: of a day that is left out in part and of which only the whole is known, it is the share of the events that it has of the time.`
  return [{ kind: 'text', text }]
}

function coverageOf({ gaps, slos }: Report): readonly Block[] {
  const heading: Block = { kind: 'heading', text: 'What could not be seen', startsPage: false }
  const inexact = slos.filter(({ isExact }) => !isExact).length
  const shared =
    inexact === 0
      ? ''
      : ` For ${inexact} SLOs the period begins or ends within one of their days, which gives its part of the events of that day.`
  const text = `Time without data counts neither as good nor as bad: the figures rest on what was seen.${shared}`
  if (gaps.length === 0)
    return [
      heading,
      { kind: 'text', text: `Every SLO was seen in every region all of the time. ${shared.trim()}`.trim() },
    ]
  const columns = [
    { title: 'SLO', align: 'left', weight: 2.4 },
    { title: 'Region', align: 'left', weight: 1.4 },
    { title: 'Seen', align: 'right', weight: 1 },
    { title: 'Not seen', align: 'right', weight: 1 },
  ] as const
  const rows = gaps
    .slice(0, reportGapsShownMax)
    .map(({ slo, region, coverage, missingMs }) => [
      { text: slo },
      { text: region },
      { text: formatShare(coverage) },
      { text: formatSpan(missingMs) },
    ])
  const more = gaps.length > reportGapsShownMax ? ` ${gaps.length - reportGapsShownMax} more are not listed.` : ''
  return [
    heading,
    { kind: 'text', text: text + more },
    { kind: 'table', table: { caption: 'Time without data', look: 'plain', columns, rows } },
  ]
}

const definitions: readonly ListItem[] = [
  { title: 'Objective', lines: ['The share of events that should be good.'] },
  { title: 'Attained', lines: ['Good events ÷ all events of the period, cut off and never rounded up.'] },
  {
    title: 'Error budget',
    lines: [
      'The bad events that the objective allows among the events of the period. Budget left is 1 − bad events ÷ allowed ones; it is negative when more failed than agreed.',
    ],
  },
  {
    title: 'All SLOs together',
    lines: [
      'Sums of events, so that each weighs by its traffic; SLOs that judge time or combine others have no part in them.',
    ],
  },
  {
    title: 'Incident',
    lines: [
      'All alerts of one SLO, or of several that broke together, from the first to the end. A page wakes somebody, a ticket waits for the morning.',
    ],
  },
  { title: 'Coverage', lines: ['The share of the period for which data was seen, the mean over SLOs and regions.'] },
  {
    title: 'At risk',
    lines: ['Less than a quarter of the budget is left, or all of it will be spent at the end of the period.'],
  },
  { title: '—', lines: ['Not known. Never zero.'] },
]
