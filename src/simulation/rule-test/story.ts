import type { Episode } from '../../core/model/alert.ts'
import type { RuleTest } from '../../rules/rule-test/rule-test.ts'
import type { Played } from './play-rule-test.ts'

/** What a story is judged by: how it was played, and which alerts some expectation has spoken of so far. */
export interface Story {
  readonly test: RuleTest
  readonly played: Played
  readonly claimed: Set<Episode>
}
