import type { Episode, FiredRule } from '../../core/model/alert.ts'
import { noLabels } from '../../core/model/labels.ts'
import { sloId } from '../../core/model/slo-id.ts'
import type { EpochMs } from '../../core/model/units.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { AlertPattern, RuleTest, SloPattern } from '../../rules/rule-test/rule-test.ts'

/** A moment of a story as its author writes it: the time since its start. */
export function since(at: EpochMs, { start }: Pick<RuleTest, 'start'>): string {
  return formatDuration(at - start)
}

/** `one step later`, `5 steps (1m15s) earlier`. */
export function stepsApart(from: EpochMs, to: EpochMs, { stepMs }: Pick<RuleTest, 'stepMs'>): string {
  const steps = Math.round(Math.abs(to - from) / stepMs)
  const direction = to > from ? 'later' : 'earlier'
  return steps === 1 ? `one step ${direction}` : `${steps} steps (${formatDuration(Math.abs(to - from))}) ${direction}`
}

/** `1h/5m above 14.4`. */
export function ruleWords({ longMs, shortMs, burnRate }: Pick<FiredRule, 'longMs' | 'shortMs' | 'burnRate'>): string {
  return `${formatDuration(longMs)}/${formatDuration(shortMs)} above ${shortNumber(burnRate)}`
}

/** `checkout`, or `checkout{namespace="a"}` for one of many. */
export function sloWords({ name, group = noLabels }: SloPattern): string {
  return sloId({ name, group })
}

/** `page of checkout in eu`. */
export function patternWords({ slo, severity, scopes }: AlertPattern): string {
  const where = scopes === undefined ? '' : ` in ${scopes.join(' and ')}`
  return `${severity ?? 'alert'} of ${sloWords(slo)}${where}`
}

/** `page of checkout in eu`. */
export function episodeWords(episode: Episode): string {
  return episodesWords([episode])
}

/** The same of an alert in several scopes: `page of checkout in eu and global`. */
export function episodesWords(episodes: readonly Episode[]): string {
  const [{ id }] = episodes
  return `${id.severity} of ${id.slo} in ${[...new Set(episodes.map((episode) => episode.id.scope))].join(' and ')}`
}

/** Whole numbers as they are, others with nine digits at most. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)))
}
