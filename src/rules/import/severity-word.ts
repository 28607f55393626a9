import type { Severity } from '../../core/model/slo.ts'

/** Words by which people are woken, and words by which they are not. */
const words: ReadonlyMap<string, Severity> = new Map([
  ...['page', 'critical', 'crit', 'fatal', 'emergency', 'urgent', 'high', 'p1', 'p0', 'sev1', 'sev0'].map(
    (word) => [word, 'page'] as const,
  ),
  ...['ticket', 'warning', 'warn', 'info', 'notice', 'medium', 'low', 'p3', 'p4', 'p5', 'sev3', 'sev4', 'sev5'].map(
    (word) => [word, 'ticket'] as const,
  ),
])

/** The severity that a word of another tool means; undefined when it says neither. */
export function severityWord(text: string): Severity | undefined {
  return words.get(text.toLowerCase())
}
