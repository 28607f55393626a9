import { dayMs } from '../../core/model/units.ts'
import { formatCount, formatObjective, formatShare } from '../page/figures.ts'
import { idlePageSpent } from './alert-health.ts'
import type { AlertHealth, Decision, GapLine, LineStatus, SloLine } from './report.ts'

/** Leadership decides three things from one report, not thirty. */
const decisionsMax = 3

/** With less of the time seen a figure is not relied upon without saying so. */
export const reliableCoverage = 0.9

/** What somebody has to decide, the most urgent first. */
export function decisionsOf(
  slos: readonly SloLine[],
  alerts: AlertHealth,
  gaps: readonly GapLine[],
  isFinished: boolean,
): readonly Decision[] {
  const of = (status: LineStatus) => slos.filter((line) => line.status === status)
  const missed = of('missed')
  // Whoever repairs a member repairs the composite: one decision for both.
  const isToldByMember = ({ members }: SloLine) => missed.some(({ id }) => members.includes(id))
  return [
    ...missed.filter((line) => !isToldByMember(line)).map(overspent),
    ...of('at-risk').map(atRisk),
    ...(isFinished ? of('met').filter(willMiss).map(atRisk) : []),
    ...gaps
      .filter(({ coverage, missingMs }) => coverage < reliableCoverage && missingMs > dayMs)
      .slice(0, 1)
      .map(unseen),
    ...(alerts.judgedPages >= 4 && alerts.idlePages * 2 > alerts.judgedPages ? [noisy(alerts)] : []),
    ...slos.filter(isGenerous).map(generous),
  ].slice(0, decisionsMax)
}

function overspent(line: SloLine): Decision {
  const { judged, before, id, owner } = line
  const again = before.remaining !== null && before.remaining < 0
  return {
    what: `${id} missed its objective: ${formatShare(judged.consumed)} of the budget is spent${again ? ', as in the period before' : ''}.`,
    costOfInaction:
      line.unit === 'points'
        ? `At this rate ${formatShare(judged.consumed)} of the budget is spent again.`
        : `At this rate ${formatCount(judged.bad)} of ${formatCount(judged.total)} ${line.unit} fail again, ${formatCount(judged.bad - judged.allowed)} more than agreed.`,
    owner,
    proposal: again
      ? 'Freeze releases until reliability work is done, or agree on an objective that can be kept.'
      : 'Freeze risky releases and put reliability work first until the budget recovers.',
  }
}

function atRisk({ id, judged, forecast, owner }: SloLine): Decision {
  const then = forecast.expected === null ? '' : ` It is expected to end with ${formatShare(forecast.expected)}.`
  return {
    what: `${id} has ${formatShare(judged.remaining)} of its budget left.${then}`,
    costOfInaction: 'The objective is missed if failures go on as in the last two weeks.',
    owner,
    proposal: 'Slow down releases, and fix what failed most before new work.',
  }
}

function willMiss({ forecast }: SloLine): boolean {
  return forecast.expected !== null && forecast.expected < 0
}

function unseen({ slo, owner, region, coverage }: GapLine): Decision {
  return {
    what:
      coverage === 0
        ? `${slo} was not seen at all in ${region}.`
        : `${slo} was seen for ${formatShare(coverage)} of the time only in ${region}.`,
    costOfInaction: 'Nobody knows whether the objective was kept there; a failure would not be noticed.',
    owner,
    proposal: 'Repair the collection of data before the figure is relied upon.',
  }
}

function noisy({ idlePages, judgedPages }: AlertHealth): Decision {
  return {
    what: `${idlePages} of ${judgedPages} pages spent ${idlePageSpent}.`,
    costOfInaction: 'People are woken for little, and learn to ignore pages.',
    owner: 'on-call',
    proposal: 'Turn the noisiest pages into tickets.',
  }
}

function isGenerous({ trend, pages }: SloLine): boolean {
  return pages === 0 && trend.filter(({ remaining }) => remaining !== null && remaining > 0.9).length >= 6
}

function generous({ id, owner, judged, trend }: SloLine): Decision {
  return {
    what: `${id} spent less than a tenth of its budget in each of ${trend.length} periods.`,
    costOfInaction: `Releases are held to ${formatObjective(judged.objective)}, which is never put to the test.`,
    owner,
    proposal: 'Release faster, or raise the objective.',
  }
}
