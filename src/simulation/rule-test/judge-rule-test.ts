import { alignDown } from '../../core/time/alignment.ts'
import type { Expectation, RuleTest } from '../../rules/rule-test/rule-test.ts'
import type { Failure } from './failure.ts'
import { judgeFired, judgeResolved } from './judge-events.ts'
import { judgeFigures } from './judge-figures.ts'
import { judgeOpen } from './judge-open.ts'
import { judgeUnexpected } from './judge-unexpected.ts'
import type { Played } from './play-rule-test.ts'
import type { Story } from './story.ts'

/** Everything in which a story came out otherwise than its test expects, in the order of the expectations. */
export function judgeRuleTest(test: RuleTest, played: Played): Failure[] {
  const story: Story = { test, played, claimed: new Set() }
  const failures = test.expectations
    .map((expectation) => ({ ...expectation, at: alignDown(expectation.at, test.stepMs) }))
    .flatMap((expectation) => judge(expectation, story))
  return [...failures, ...judgeUnexpected(story)]
}

function judge(expectation: Expectation, story: Story): Failure[] {
  if (expectation.kind === 'fired') return judgeFired(expectation, story)
  if (expectation.kind === 'resolved') return judgeResolved(expectation, story)
  return expectation.kind === 'open' ? judgeOpen(expectation, story) : judgeFigures(expectation, story)
}
