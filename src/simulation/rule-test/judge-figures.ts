import type { EventCounts } from '../../core/model/counts.ts'
import { noLabels } from '../../core/model/labels.ts'
import { sloId } from '../../core/model/slo-id.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Figure, FigureExpectation, NumberFigureName } from '../../rules/rule-test/rule-test.ts'
import type { Failure } from './failure.ts'
import type { Observation } from './observation.ts'
import type { Story } from './story.ts'
import { shortNumber, since, sloWords } from './story-words.ts'

/** The figures of a budget or a window that are not what the test expects; one failure each. */
export function judgeFigures(expectation: FigureExpectation, { test, played }: Story): Failure[] {
  const { slo, scope, at, windowMs, figures } = expectation
  const id = sloId({ name: slo.name, group: slo.group ?? noLabels })
  const seen = played.observation(id, scope, at)
  const known = seen === undefined ? unknown : figuresOf(seen, windowMs)
  const over = windowMs === undefined ? '' : ` over ${formatDuration(windowMs)}`
  return figures
    .filter((figure) => !isMet(figure, known))
    .map((figure) => {
      const came = known[figure.name]
      const message = `${figure.name} of ${sloWords(slo)} in ${scope}${over} at ${since(at, test)} is ${valueWords(came)}, not ${expectedWords(figure)}`
      const problem = { code: 'TEST_FIGURE', severity: 'error', at: figure.place, message } as const
      return {
        problem: seen === undefined ? { ...problem, hint: 'no sample of it came up to then' } : problem,
        difference: [`  seen: ${summary(known, windowMs !== undefined)}`],
        focus: { slo: id, scope, severity: undefined, moments: [{ at, mark: 'expected' }] },
      }
    })
}

type Known = Readonly<Record<NumberFigureName, number | null>> & {
  readonly bad: number
  readonly total: number
  readonly state: string
}

const unknown: Known = {
  good: 0,
  bad: 0,
  total: 0,
  sli: null,
  consumed: null,
  remaining: null,
  coverage: 0,
  burnRate: null,
  errorRatio: null,
  state: 'no-data',
}

function figuresOf({ budget, windows, state }: Observation, windowMs: number | undefined): Known {
  const { sli, consumed, remaining, coverage } = budget
  const window = windowMs === undefined ? undefined : windows.get(windowMs)
  return {
    ...countsOf(window ?? budget.counts),
    sli,
    consumed,
    remaining,
    coverage,
    burnRate: window?.burnRate ?? null,
    errorRatio: window?.errorRatio ?? null,
    state,
  }
}

/** Of windows that begin between two rows the events are shared out; more than three places would show how doubles round. */
function countsOf({ bad, total }: EventCounts): Pick<Known, 'good' | 'bad' | 'total'> {
  const rounded = { bad: Math.round(bad * 1_000) / 1_000, total: Math.round(total * 1_000) / 1_000 }
  return { ...rounded, good: Math.round((rounded.total - rounded.bad) * 1_000) / 1_000 }
}

function isMet(figure: Figure, known: Known): boolean {
  if (figure.name === 'state') return known.state === figure.expected
  const came = known[figure.name]
  if (came === null || figure.expected === null) return came === figure.expected
  // What lies on the edge is met, although doubles may put it a little beyond.
  return Math.abs(came - figure.expected) <= figure.tolerance * (1 + 1e-9)
}

function valueWords(value: number | string | null): string {
  return value === null ? 'unknown (null)' : typeof value === 'number' ? shortNumber(value) : value
}

function expectedWords(figure: Figure): string {
  if (figure.name === 'state' || figure.expected === null) return valueWords(figure.expected)
  return `${shortNumber(figure.expected)} ± ${shortNumber(figure.tolerance)}`
}

function summary({ bad, total, ...known }: Known, ofWindow: boolean): string {
  const ratios = ofWindow
    ? [`error ratio ${valueWords(known.errorRatio)}`, `burn rate ${valueWords(known.burnRate)}`]
    : [
        `sli ${valueWords(known.sli)}`,
        `remaining ${valueWords(known.remaining)}`,
        `coverage ${valueWords(known.coverage)}`,
      ]
  return [`${shortNumber(bad)} bad of ${shortNumber(total)}`, ...ratios, `state ${known.state}`].join(', ')
}
