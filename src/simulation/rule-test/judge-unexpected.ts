import type { Episode } from '../../core/model/alert.ts'
import type { Failure } from './failure.ts'
import type { Story } from './story.ts'
import { episodesWords, ruleWords, since } from './story-words.ts'

/** Alerts that fired and that no expectation speaks of, as far as the test wants to hear of them. */
export function judgeUnexpected({ test, played, claimed }: Story): Failure[] {
  if (test.alerts === 'listed') return []
  const unexpected = played.episodes.filter((episode) => {
    return !claimed.has(episode) && (test.alerts === 'exactly' || episode.id.severity === 'page')
  })
  const together = Map.groupBy(unexpected, ({ id, firedAt }) => JSON.stringify([id.slo, id.severity, firedAt]))
  return [...together.values()].map((episodes) => unexpectedAlert(episodes, test))
}

/** The same alert in several scopes at once is one surprise. */
function unexpectedAlert(episodes: readonly Episode[], test: Story['test']): Failure {
  const [{ id, firedAt, rule }] = episodes
  const at = since(firedAt, test)
  const message = `${episodesWords(episodes)} fired at ${at} by ${ruleWords(rule)}, and nothing expects it`
  const hint = `to expect it: - { at: ${at}, ${id.severity}: { slo: ${id.slo} } }`
  return {
    problem: { code: 'TEST_UNEXPECTED_ALERT', severity: 'error', at: test.expectAt, message, hint },
    difference: [],
    focus: { ...id, moments: [{ at: firedAt, mark: 'fired' }] },
  }
}
