import { formatLabels } from '../../core/model/labels.ts'
import { isError, type Problem } from '../../core/model/problem.ts'
import type { Slo } from '../../core/model/slo.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { alignDown } from '../../core/time/alignment.ts'
import { uncountedSlos } from '../../rules/missing-buckets.ts'
import type { RuleTest } from '../../rules/rule-test/rule-test.ts'
import { burnRateTable, stepsAroundMoments } from './burn-rate-table.ts'
import type { Failure } from './failure.ts'
import { judgeRuleTest } from './judge-rule-test.ts'
import { type Played, playRuleTest, type StoryRules } from './play-rule-test.ts'

/** What came of one test. */
export interface TestRun {
  readonly failures: readonly ExplainedFailure[]
  readonly warnings: readonly Problem[]
}

/** An expectation that was not met, and what the engine saw around it. */
export interface ExplainedFailure {
  readonly problem: Problem
  /** Lines of text. */
  readonly details: readonly string[]
}

/** Burn rates are shown for so many failures of one test: the others mostly follow from them. */
const explainedMax = 10

/** Plays one test and judges it; where it fails it is played again to look closely at what went wrong. */
export async function runRuleTest(test: RuleTest, rules: StoryRules): Promise<TestRun> {
  const played = await playRuleTest(test, rules, watchFor(test))
  const failures = judgeRuleTest(test, played)
  return {
    failures: failures.length === 0 ? [] : await explain(failures, test, rules),
    warnings: [...unusedWarnings(played), ...bucketWarnings(test, played, rules.slos)],
  }
}

function watchFor({ expectations, stepMs }: RuleTest) {
  const figures = expectations.filter((expectation) => expectation.kind === 'figures')
  return {
    times: new Set(figures.map(({ at }) => alignDown(at, stepMs))),
    windows: [...new Set(figures.flatMap(({ windowMs }) => windowMs ?? []))],
  }
}

async function explain(failures: readonly Failure[], test: RuleTest, rules: StoryRules): Promise<ExplainedFailure[]> {
  const times = new Set<EpochMs>()
  for (const { focus } of failures.slice(0, explainedMax)) {
    for (const at of focus === undefined ? [] : stepsAroundMoments(focus, test)) times.add(at)
  }
  const played = await playRuleTest(test, rules, { times, windows: [] })
  const shown = new Set<string>()
  return failures.map(({ problem, difference, focus }, index) => {
    const table = focus === undefined || index >= explainedMax ? [] : burnRateTable(focus, test, played)
    const isNew = !shown.has(table.join('\n'))
    shown.add(table.join('\n'))
    return { problem, details: isNew ? [...difference, ...table] : difference }
  })
}

/** A story that has other buckets of a histogram has forgotten one; one without buckets is about something else. */
function bucketWarnings({ at }: RuleTest, { missingBuckets }: Played, slos: readonly Slo[]): Problem[] {
  const wrong = uncountedSlos(slos, missingBuckets).filter(isError)
  return wrong.map((problem) => ({ ...problem, severity: 'warning', at }))
}

function unusedWarnings({ unused }: Played): Problem[] {
  return unused.map(({ labels, at }) => ({
    code: 'TEST_UNUSED_SERIES',
    severity: 'warning',
    at,
    message: `no SLO of the rules counts ${formatLabels(labels)}`,
    hint: 'compare its name and labels with the selectors of the indicators',
  }))
}
