import type { Episode } from '../../core/model/alert.ts'
import type { ProblemCode } from '../../core/model/problem-codes.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { FiredExpectation, ResolvedExpectation, RulePattern } from '../../rules/rule-test/rule-test.ts'
import type { Failure, Moment } from './failure.ts'
import { matchesAlert } from './match-alert.ts'
import type { Story } from './story.ts'
import {
  episodesWords,
  episodeWords,
  patternWords,
  ruleWords,
  shortNumber,
  since,
  sloWords,
  stepsApart,
} from './story-words.ts'

type EventExpectation = FiredExpectation | ResolvedExpectation

/** Whether an alert fired at the expected step, in all scopes, by the rule and to the receivers that are named. */
export function judgeFired(expectation: FiredExpectation, story: Story): Failure[] {
  const { alert, at, rule, receivers } = expectation
  const { found, problem } = judgeTime(expectation, story)
  if (problem !== undefined) return [problem]
  const byOther = rule === undefined ? undefined : found.find((episode) => !isRule(rule, episode))
  if (byOther !== undefined && rule !== undefined) {
    const message = `${episodeWords(byOther)} fired at ${since(byOther.firedAt, story.test)} by ${ruleWords(byOther.rule)}, not by ${patternRule(rule)}`
    const moments = [{ at, mark: 'fired' }]
    return [failure('TEST_NOT_FIRED', expectation, message, [], focusOn(byOther, moments))]
  }
  const wanted = receivers?.toSorted().join(', ')
  const misrouted = found.find((episode) => told(episode, story) !== (wanted ?? told(episode, story)))
  if (misrouted === undefined) return []
  const message = `${patternWords(alert)} at ${since(at, story.test)} went to other receivers than expected`
  const difference = [
    `- ${wanted || 'nobody'}`,
    `+ ${told(misrouted, story) || 'nobody'}  (${episodeWords(misrouted)})`,
  ]
  return [failure('TEST_RECEIVERS', expectation, message, difference, undefined)]
}

/** Whether an alert resolved at the expected step, in all scopes that are named. */
export function judgeResolved(expectation: ResolvedExpectation, story: Story): Failure[] {
  const { problem } = judgeTime(expectation, story)
  return problem === undefined ? [] : [problem]
}

/** The episodes that meet the expectation, all of them spoken of from now on; or why it is not met. */
function judgeTime(expectation: EventExpectation, story: Story): { found: readonly Episode[]; problem?: Failure } {
  const { alert, at, withinMs } = expectation
  const candidates = story.played.episodes.filter(({ id }) => matchesAlert(alert, id))
  const found = candidates.filter((episode) => Math.abs(timeOf(episode, expectation) - at) <= withinMs)
  for (const episode of found) story.claimed.add(episode)
  const missing = (alert.scopes ?? []).filter((scope) => !found.some(({ id }) => id.scope === scope))
  if (found.length > 0 && missing.length === 0) return { found }
  const concerned = missing.length === 0 ? candidates : candidates.filter(({ id }) => missing.includes(id.scope))
  const nearest = nearestOf(concerned, expectation, story)
  const came = concerned.filter((episode) => {
    return nearest !== undefined && timeOf(episode, expectation) === timeOf(nearest, expectation)
  })
  for (const episode of came) story.claimed.add(episode)
  return { found, problem: missed(expectation, came, missing, story) }
}

const codes = { fired: 'TEST_NOT_FIRED', resolved: 'TEST_NOT_RESOLVED' } as const
const verbs = { fired: 'fire', resolved: 'resolve' } as const

/** `came` are the nearest alerts that there were, at one moment; `missing` the scopes that lack theirs. */
function missed(
  expectation: EventExpectation,
  came: readonly Episode[],
  missing: readonly string[],
  story: Story,
): Failure {
  const { test } = story
  const { alert, at, kind } = expectation
  const pattern = patternWords(missing.length === 0 ? alert : { ...alert, scopes: missing })
  const instead = cameInstead(came, expectation, story)
  const message = `${pattern} did not ${verbs[kind]} at ${since(at, test)}${instead.words}`
  const difference = [`- ${since(at, test)}  ${kind}  ${pattern}`, `+ ${instead.line}`]
  const focus = {
    slo: came[0]?.id.slo ?? sloWords(alert.slo),
    scope: came[0]?.id.scope ?? missing[0] ?? 'global',
    severity: came[0]?.id.severity ?? alert.severity,
    moments: [{ at, mark: 'expected' }, ...instead.moments],
  }
  return failure(codes[kind], expectation, message, difference, focus, endHint(at, story))
}

interface Instead {
  /** Goes on where the sentence about what was expected ends. */
  readonly words: string
  readonly line: string
  readonly moments: readonly Moment[]
}

function cameInstead(came: readonly Episode[], expectation: EventExpectation, { test }: Story): Instead {
  const { at, kind } = expectation
  const [nearest] = came
  if (nearest === undefined) {
    return { words: kind === 'fired' ? ', nor at any other time' : ': it never fired', line: 'nothing', moments: [] }
  }
  const cameAt = timeOf(nearest, expectation)
  const openSince = `open since ${since(nearest.firedAt, test)}`
  if (cameAt === Number.POSITIVE_INFINITY) {
    return { words: `: it is ${openSince} and stays so to the end`, line: 'it stays open', moments: [] }
  }
  const detail = kind === 'fired' ? ` by ${ruleWords(nearest.rule)}` : `, ${openSince}`
  return {
    words: `; ${episodesWords(came)} ${kind} at ${since(cameAt, test)}, ${stepsApart(at, cameAt, test)}`,
    line: `${since(cameAt, test)}  ${kind}  ${episodesWords(came)}${detail}`,
    moments: [{ at: cameAt, mark: kind }],
  }
}

/** Rather one that no other expectation speaks of; what has fired may well be the one that was to resolve. */
function nearestOf(
  candidates: readonly Episode[],
  expectation: EventExpectation,
  { claimed }: Story,
): Episode | undefined {
  const free = expectation.kind === 'fired' ? candidates.filter((episode) => !claimed.has(episode)) : []
  const distance = (episode: Episode): number => Math.abs(timeOf(episode, expectation) - expectation.at)
  const nearest = (a: Episode, b: Episode): Episode => (distance(b) < distance(a) ? b : a)
  const [first, ...others] = free.length > 0 ? free : candidates
  return first === undefined ? undefined : others.reduce(nearest, first)
}

function timeOf(episode: Episode, { kind }: EventExpectation): EpochMs {
  return kind === 'fired' ? episode.firedAt : (episode.resolvedAt ?? Number.POSITIVE_INFINITY)
}

function isRule({ longMs, shortMs, burnRate }: RulePattern, { rule }: Episode): boolean {
  if (longMs !== undefined && longMs !== rule.longMs) return false
  if (shortMs !== undefined && shortMs !== rule.shortMs) return false
  return burnRate === undefined || Math.abs(burnRate - rule.burnRate) <= 1e-9 * burnRate
}

function patternRule({ longMs, shortMs, burnRate }: RulePattern): string {
  const windows = [longMs, shortMs].map((ms) => (ms === undefined ? 'any' : since(ms, { start: 0 }))).join('/')
  return burnRate === undefined ? windows : `${windows} above ${shortNumber(burnRate)}`
}

function told(episode: Episode, { played }: Story): string {
  return played.receiversOf(episode).toSorted().join(', ')
}

function focusOn({ id }: Episode, moments: readonly Moment[]): Failure['focus'] {
  return { slo: id.slo, scope: id.scope, severity: id.severity, moments }
}

function endHint(at: EpochMs, { test, played }: Story): string | undefined {
  if (played.end === undefined) return 'no SLO counts any of the series, so nothing was evaluated'
  if (at <= played.end) return undefined
  return `the series end at ${since(played.end, test)}, and nothing is evaluated after that`
}

function failure(
  code: ProblemCode,
  { place }: EventExpectation,
  message: string,
  difference: readonly string[],
  focus: Failure['focus'],
  hint?: string,
): Failure {
  const problem = { code, severity: 'error' as const, at: place, message }
  return { problem: hint === undefined ? problem : { ...problem, hint }, difference, focus }
}
