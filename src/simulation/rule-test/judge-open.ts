import type { Episode } from '../../core/model/alert.ts'
import type { AlertPattern, OpenExpectation } from '../../rules/rule-test/rule-test.ts'
import type { Failure } from './failure.ts'
import { matchesAlert } from './match-alert.ts'
import type { Story } from './story.ts'
import { episodeWords, patternWords, since, sloWords } from './story-words.ts'

/** Whether at a step exactly the alerts listed are open. */
export function judgeOpen({ at, alerts, place }: OpenExpectation, { test, played, claimed }: Story): Failure[] {
  const open = played.episodes.filter(({ firedAt, resolvedAt }) => {
    return firedAt <= at && (resolvedAt === null || resolvedAt > at)
  })
  const wanted = alerts.flatMap(byScope)
  const missing = wanted.filter((pattern) => !open.some(({ id }) => matchesAlert(pattern, id)))
  const surplus = open.filter(({ id }) => !wanted.some((pattern) => matchesAlert(pattern, id)))
  // Whatever is wrong with these has been said here.
  for (const episode of open) claimed.add(episode)
  if (missing.length === 0 && surplus.length === 0) return []
  const met = open.filter((episode) => !surplus.includes(episode))
  const difference = [
    ...met.map((episode) => `  ${openWords(episode, { test })}`),
    ...missing.map((pattern) => `- ${patternWords(pattern)}`),
    ...surplus.map((episode) => `+ ${openWords(episode, { test })}`),
  ]
  const message = `${counted(open.length)} open at ${since(at, test)}: ${summary(missing.length, surplus.length)}`
  const about = focusOf(missing[0]) ?? surplus[0]?.id
  const focus = about === undefined ? undefined : { ...about, moments: [{ at, mark: 'expected' }] }
  return [{ problem: { code: 'TEST_OPEN_ALERTS', severity: 'error', at: place, message }, difference, focus }]
}

/** One pattern for each scope that must have the alert. */
function byScope(pattern: AlertPattern): AlertPattern[] {
  return pattern.scopes === undefined ? [pattern] : pattern.scopes.map((scope) => ({ ...pattern, scopes: [scope] }))
}

function focusOf(pattern: AlertPattern | undefined) {
  if (pattern === undefined) return undefined
  return { slo: sloWords(pattern.slo), scope: pattern.scopes?.[0] ?? 'global', severity: pattern.severity }
}

function openWords(episode: Episode, { test }: Pick<Story, 'test'>): string {
  return `${episodeWords(episode)}, open since ${since(episode.firedAt, test)}`
}

function counted(count: number): string {
  return count === 0 ? 'no alert is' : count === 1 ? 'one alert is' : `${count} alerts are`
}

function summary(missing: number, surplus: number): string {
  const parts = [missing > 0 ? `${missing} expected and missing` : '', surplus > 0 ? `${surplus} not expected` : '']
  return parts.filter((part) => part !== '').join(', ')
}
