import { reliableCoverage } from '../model/decisions.ts'
import type { Overall, Report, SloLine } from '../model/report.ts'
import type { Block, Cell, Tone } from './blocks.ts'
import {
  formatAttained,
  formatChange,
  formatDifference,
  formatLarge,
  formatObjective,
  formatShare,
  formatSpan,
  plural,
  roundedObjective,
  unknown,
} from './figures.ts'

/** The one sentence that is read when nothing else is. */
export function verdictOf({ overall, isFinished }: Report): readonly Block[] {
  const judged = overall.met + overall.missed
  if (judged === 0)
    return [
      {
        kind: 'verdict',
        tone: 'none',
        text: 'No events were counted in this period: nothing can be said about any objective.',
      },
    ]
  const missed =
    overall.missed === 0
      ? allMet(judged, isFinished)
      : `${overall.missed} of ${plural(judged, 'objective')} ${overall.missed === 1 ? 'was' : 'were'} missed`
  const blind = overall.unknown === 0 ? '' : `; ${overall.unknown} could not be judged`
  const asked = roundedObjective(overall.objective)
  const share =
    overall.sli === null
      ? ''
      : ` Of ${formatLarge(overall.total)} events ${formatAttained(overall.sli, asked)} were good, where the objectives together ask for ${formatObjective(asked)}.`
  const isReliable = overall.coverage !== null && overall.coverage >= reliableCoverage
  const seen = isReliable ? '' : ` Data was seen for ${formatCoverage(overall)} of the time only.`
  const tone = overall.missed > 0 ? 'bad' : isReliable ? 'good' : 'none'
  return [{ kind: 'verdict', tone, text: `${missed}${blind}.${share}${seen}` }]
}

function allMet(judged: number, isFinished: boolean): string {
  if (judged === 1) return `The objective ${isFinished ? 'was met' : 'is met so far'}`
  return `All ${judged} objectives ${isFinished ? 'were met' : 'are met so far'}`
}

/** Five figures, each with the change against the period before. */
export function tilesOf(report: Report): Block {
  const { overall, before, incidentTotals, incidentsBefore, compare, previous } = report
  const asked = roundedObjective(overall.objective)
  const against = (change: string) =>
    !compare ? '' : change === '' ? `${previous.label}: ${unknown}` : `${change} against ${previous.label}`
  const judgedBefore = before.met + before.missed
  return {
    kind: 'tiles',
    tiles: [
      {
        label: 'Good events',
        value: formatAttained(overall.sli, asked),
        note: against(formatChange(overall.sli, before.sli, 3)),
      },
      {
        label: 'Objectives met',
        value: `${overall.met} of ${overall.met + overall.missed}`,
        note: against(judgedBefore === 0 ? '' : formatDifference(overall.met, before.met)),
      },
      {
        label: 'Budget spent',
        value: formatShare(overall.consumed),
        note: against(formatChange(overall.consumed, before.consumed)),
      },
      {
        label: 'Incidents',
        value: `${incidentTotals.count}, ${formatSpan(incidentTotals.minutes * 60_000)}`,
        note: against(judgedBefore === 0 ? '' : formatDifference(incidentTotals.count, incidentsBefore.count)),
      },
      { label: 'Coverage', value: formatCoverage(overall), note: 'of the time was seen' },
    ],
  }
}

/** What somebody has to decide. */
export function decisionSection({ decisions }: Report): readonly Block[] {
  const heading: Block = { kind: 'heading', text: 'Needs a decision', startsPage: false }
  if (decisions.length === 0) return [heading, { kind: 'text', text: 'Nothing.' }]
  const items = decisions.map(({ what, costOfInaction, owner, proposal }) => {
    return { title: what, lines: [`If nothing is done: ${costOfInaction}`, `Proposed: ${proposal}`, `Owner: ${owner}`] }
  })
  return [heading, { kind: 'list', items }]
}

/** SLOs against regions, by budget left. */
export function heatSection({ slos }: Report): readonly Block[] {
  const regions = [...new Set(slos.flatMap((line) => line.regions.map(({ region }) => region)))].sort()
  if (regions.length === 0) return []
  const columns = [
    { title: 'SLO', align: 'left', weight: 2.2 } as const,
    { title: 'all regions', align: 'right', weight: 1 } as const,
    ...regions.map((title) => ({ title, align: 'right', weight: 1 }) as const),
  ]
  const rows = slos.map((line) => [
    { text: line.id },
    heatCell(line.judgedScope === 'global' ? line.judged.remaining : null),
    ...regions.map((region) => heatCell(remainingIn(line, region))),
  ])
  return [
    { kind: 'heading', text: 'Budget left by region', startsPage: false },
    {
      kind: 'table',
      table: { caption: 'Error budget left; ✗ spent, ! less than a quarter left', look: 'heat', columns, rows },
    },
  ]
}

/** How much is left, as a shade. */
function toneOf(remaining: number | null): Tone {
  if (remaining === null) return 'none'
  if (remaining < -1e-9) return 'bad'
  return remaining < 0.25 ? 'warn' : 'good'
}

function remainingIn(line: SloLine, region: string): number | null {
  return line.regions.find((one) => one.region === region)?.reading.remaining ?? null
}

const marks = { bad: '✗\u00a0', warn: '!\u00a0', good: '', none: '' } as const

function heatCell(remaining: number | null): Cell {
  const tone = toneOf(remaining)
  return { text: `${marks[tone]}${formatShare(remaining)}`, tone }
}

function formatCoverage({ coverage }: Overall): string {
  return coverage === null ? unknown : `${(Math.floor(coverage * 1_000) / 10).toFixed(1)}\u00a0%`
}
