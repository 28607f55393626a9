import {
  type ClumpSettings,
  type DarkSettings,
  type EvidenceSettings,
  standardEvidence,
} from '../core/model/evidence-settings.ts'
import { staleAfterMaxMs } from '../core/model/limits.ts'
import type { DurationMs, Ratio } from '../core/model/units.ts'
import { formatDuration } from '../core/time/duration.ts'
import type { Path } from '../documents/source-document.ts'
import { type Reading, readDuration, readItems, readSpan, readText } from './read-values.ts'

/** How a policy weighs evidence; undefined where it does not. What is left out is as in the policy `standard`. */
export function readEvidence(reading: Reading, path: Path): EvidenceSettings | undefined {
  const written = reading.document.at(path)
  if (written === 'off' || written === false) return undefined
  if (typeof written !== 'object') return standardEvidence
  const { dispersion, recovery, hold, ...standard } = standardEvidence
  const read = reader(reading, path)
  const settings: EvidenceSettings = {
    falseAlarmEveryMs: read.span(['falseAlarmEvery'], standard.falseAlarmEveryMs),
    nullBurnRate: read.number(['nullBurnRate'], standard.nullBurnRate),
    burnRates: readBurnRates(reading, [...path, 'burnRates']) ?? standard.burnRates,
    clumps: readClumps(read, standard.clumps),
    dispersion: {
      blockMs: read.span(['dispersion', 'block'], dispersion.blockMs),
      prior: read.number(['dispersion', 'prior'], dispersion.prior),
      priorWeight: read.number(['dispersion', 'priorWeight'], dispersion.priorWeight),
      perBlockMax: read.number(['dispersion', 'perBlockMax'], dispersion.perBlockMax),
      max: read.number(['dispersion', 'max'], dispersion.max),
      skipAfterMs: read.span(['dispersion', 'skipAfter'], dispersion.skipAfterMs),
      halvedEveryMs: read.span(['dispersion', 'halvedEvery'], dispersion.halvedEveryMs),
    },
    materiality: read.share(['materiality'], standard.materiality),
    recovery: {
      burnRate: read.number(['recovery', 'burnRate'], recovery.burnRate),
      odds: read.number(['recovery', 'odds'], recovery.odds),
    },
    hold: {
      forMs: readHold(reading, [...path, 'hold', 'for']) ?? hold.forMs,
      againWithinMs: read.duration(['hold', 'againWithin'], hold.againWithinMs),
    },
    dark: readDark(reading, path, read),
    ticketOdds: read.number(['ticketOdds'], standard.ticketOdds),
  }
  refuseTooLow(reading, path, settings)
  return settings
}

type Reader = ReturnType<typeof reader>

/** Reads values below a place, each with what it is when it is left out. Types were checked before. */
function reader(reading: Reading, path: Path) {
  const { document, problems } = reading
  return {
    number: (keys: Path, otherwise: number): number => {
      const value = document.at([...path, ...keys])
      return typeof value === 'number' ? value : otherwise
    },
    span: (keys: Path, otherwise: DurationMs): DurationMs => readSpan(reading, [...path, ...keys]) ?? otherwise,
    duration: (keys: Path, otherwise: DurationMs): DurationMs => readDuration(reading, [...path, ...keys]) ?? otherwise,
    share: (keys: Path, otherwise: Ratio): Ratio => {
      const text = readText(reading, [...path, ...keys])
      if (text === undefined) return otherwise
      const share = Number.parseFloat(text) / 100
      if (share <= 1) return share
      const message = `${text} is more than everything`
      problems.report({ code: 'WRONG_VALUE', path: [...path, ...keys], message })
      return otherwise
    },
    text: (keys: Path): string | undefined => readText(reading, [...path, ...keys]),
  }
}

function readClumps(read: Reader, standard: ClumpSettings): ClumpSettings {
  const length = read.text(['clumps', 'length'])
  const isAuto = length === undefined || length === 'auto'
  return {
    needed: read.number(['clumps', 'needed'], standard.needed),
    belowFailures: read.number(['clumps', 'belowFailures'], standard.belowFailures),
    lengthMs: isAuto ? 'auto' : read.span(['clumps', 'length'], standard.burstMs),
    burstMs: read.span(['clumps', 'burstLength'], standard.burstMs),
    burstAbove: read.number(['clumps', 'burstAbove'], standard.burstAbove),
  }
}

function readDark({ document }: Reading, path: Path, read: Reader): DarkSettings | null {
  const standard = standardEvidence.dark
  const written = document.at([...path, 'dark'])
  if (written === false || written === 'off' || standard === null) return null
  return {
    afterMs: read.span(['dark', 'after'], standard.afterMs),
    budgetShare: read.share(['dark', 'budget'], standard.budgetShare),
    eventsMin: read.number(['dark', 'events'], standard.eventsMin),
  }
}

function readBurnRates({ document }: Reading, path: Path): readonly number[] | undefined {
  const value = document.at(path)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : undefined
}

function readHold(reading: Reading, path: Path): readonly DurationMs[] | undefined {
  const items = readItems(reading, path)
  return items.length === 0 ? undefined : items.map((item) => readDuration(reading, item) ?? 0)
}

function refuseTooLow({ problems }: Reading, path: Path, { burnRates, nullBurnRate, dark }: EvidenceSettings): void {
  if (dark !== null && dark.afterMs < staleAfterMaxMs) {
    const most = formatDuration(staleAfterMaxMs)
    const message = `dark.after is shorter than ${most}: for so long, data of a region may only be late`
    problems.report({ code: 'WRONG_VALUE', path: [...path, 'dark', 'after'], message, hint: `write ${most} or more` })
  }
  const low = burnRates.find((burnRate) => burnRate <= nullBurnRate)
  if (low === undefined) return
  const message = `the burn rate ${low} that evidence is weighed for is not above nullBurnRate, which is ${nullBurnRate}`
  const hint = 'up to nullBurnRate, failures are evidence of nothing'
  problems.report({ code: 'WRONG_VALUE', path: [...path, 'burnRates'], message, hint })
}
