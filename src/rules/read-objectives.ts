import type { Rational } from '../core/model/rational.ts'
import type { PastObjective, Slo, SloWindow } from '../core/model/slo.ts'
import type { EpochMs } from '../core/model/units.ts'
import { parseTime } from '../core/time/parse-time.ts'
import { startOfDate } from '../core/time/start-of-date.ts'
import type { Path } from '../documents/source-document.ts'
import { readObjective } from './read-numbers.ts'
import { type Reading, readItems, readText } from './read-values.ts'
import { standardTimeZone } from './read-window.ts'

/** The objective now and those before it, and where the one of now stands. */
export interface ReadObjectives extends Pick<Slo, 'objective' | 'pastObjectives'> {
  readonly path: Path
}

/** Reads `objective`, or `objectives` with their dates; undefined when something is wrong, which is then reported. */
export function readObjectives(
  reading: Reading,
  spec: Path,
  window: SloWindow | undefined,
): ReadObjectives | undefined {
  const single = [...spec, 'objective']
  const list = [...spec, 'objectives']
  const { document, problems } = reading
  const hasSingle = document.at(single) !== undefined
  if (document.at(list) === undefined) {
    if (!hasSingle) return missing(reading, spec)
    const objective = readObjective(reading, single)
    return objective === undefined ? undefined : { objective, pastObjectives: [], path: single }
  }
  if (hasSingle) {
    const message = 'an SLO has either "objective" or "objectives"'
    const hint = 'keep "objectives": its last entry is the objective of today'
    problems.report({ code: 'RULE_OBJECTIVE', path: spec, place: document.placeOfKey(single), message, hint })
    return undefined
  }
  return readHistory(reading, list, window)
}

function missing({ document, problems }: Reading, spec: Path): undefined {
  const written = document.at(spec)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return
  const place = document.placeOf([...spec, 'objective'])
  const message = '"objective" is missing in spec'
  problems.report({ code: 'MISSING_KEY', path: spec, place, message, hint: 'for example objective: 99.9' })
}

interface Entry {
  readonly objective: Rational
  /** Undefined for the first, which holds from the beginning. */
  readonly from: EpochMs | undefined
}

function readHistory(reading: Reading, list: Path, window: SloWindow | undefined): ReadObjectives | undefined {
  const timeZone = window?.kind === 'calendar' ? window.timeZone : standardTimeZone
  const entries: Entry[] = []
  const paths = readItems(reading, list)
  for (const [index, path] of paths.entries()) {
    const objective = readObjective(reading, [...path, 'percent'])
    const from = readFrom(reading, [...path, 'from'], timeZone, index)
    const follows = from === undefined || isLater(reading, [...path, 'from'], from, entries.at(-1))
    if (objective !== undefined && (from !== undefined || index === 0) && follows) entries.push({ objective, from })
  }
  const last = entries.at(-1)
  if (last === undefined || entries.length < paths.length) return undefined
  const pastObjectives = entries.flatMap(({ objective }, index): PastObjective[] => {
    const until = entries[index + 1]?.from
    return until === undefined ? [] : [{ objective, until }]
  })
  return { objective: last.objective, pastObjectives, path: [...list, entries.length - 1, 'percent'] }
}

/** When an entry begins; undefined where that is not said, or wrong, which is reported for all but the first. */
function readFrom(reading: Reading, path: Path, timeZone: string, index: number): EpochMs | undefined {
  const { document, problems } = reading
  const text = readText(reading, path)
  if (text !== undefined) {
    const from = startOfDate(text, timeZone) ?? (text.includes(':') ? parseTime(text) : undefined)
    if (from !== undefined) return from
    const hint = 'write a date such as 2026-10-01, or a time such as 2026-10-01T12:00:00Z'
    problems.report({ code: 'RULE_OBJECTIVE_HISTORY', path, message: `"${text}" is not a date`, hint })
  } else if (index > 0 && document.at(path) === undefined) {
    const message = 'the date from which this objective holds is missing'
    const hint = 'only the first may go without: { from: 2026-10-01, percent: 99.5 }'
    problems.report({ code: 'RULE_OBJECTIVE_HISTORY', path: path.slice(0, -1), message, hint })
  }
  return undefined
}

function isLater({ problems }: Reading, path: Path, from: EpochMs, before: Entry | undefined): boolean {
  if (before?.from === undefined || from > before.from) return true
  const message = 'this date is not later than the one before'
  problems.report({ code: 'RULE_OBJECTIVE_HISTORY', path, message, hint: 'write the oldest objective first' })
  return false
}
