import { burnRate } from '../../src/core/budget/burn-rate.ts'
import { budgetState } from '../../src/core/budget/error-budget.ts'
import type { Episode } from '../../src/core/model/alert.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { ScopeReading } from '../../src/engine/read-scope.ts'
import { sloStatuses } from '../../src/engine/slo-status.ts'
import type { ScopeStatus } from '../../src/ports/slo-status.ts'
import { replay } from '../../src/simulation/replay.ts'
import { type MadeSample, send } from './engine-world.ts'

export const playStart = Date.UTC(2026, 0, 1)
const stepMs = 15_000

/** What a replayed story left behind. */
export interface Played {
  readonly engine: Engine
  readonly episodes: readonly Episode[]
  /** Time of the last sample. */
  readonly end: number
  /** The state of one scope as of some time after the end. */
  scope(scope: string, laterMs?: number): ScopeStatus
}

/**
 * Replays one SLO over samples taken every 15 s, made by `samplesAt` from the seconds since the start. Every number
 * that any evaluation sees on the way must be a number: the first that is not throws.
 */
export async function play(
  slo: Slo,
  seconds: number,
  samplesAt: (second: number) => readonly MadeSample[],
): Promise<Played> {
  const { log, engine, run } = replay([slo], stepMs, assertNumbers)
  let end = playStart
  for (let second = 0; second <= seconds; second += stepMs / 1_000) {
    const samples = samplesAt(second)
    if (samples.length > 0) end = playStart + second * 1_000
    send(log, samples)
  }
  const { episodes } = await run({})
  return {
    engine,
    episodes,
    end,
    scope: (name, laterMs = 0) => {
      const [status] = sloStatuses(engine, end + laterMs)
      const found = status.scopes.find(({ scope }) => scope === name)
      if (found === undefined) throw new Error(`no scope ${name}`)
      return found
    },
  }
}

/** One sample at a second of a played story. */
export function at(
  second: number,
  metric: string,
  value: number,
  labels: Readonly<Record<string, string>> = {},
): MadeSample {
  const all = { __name__: metric, region: 'eu', job: 'shop', instance: 'a', ...labels }
  return { labels: all, time: playStart + second * 1_000, value }
}

function assertNumbers(reading: ScopeReading): void {
  const { compiled } = reading
  for (const windowMs of [...compiled.alertWindows, compiled.window.horizonMs]) {
    const counts = reading.counts(windowMs)
    const { sli, consumed, remaining } = budgetState(counts, compiled.budget * counts.total)
    const figures = [
      counts.bad,
      counts.total,
      reading.coverage(windowMs),
      burnRate(counts, compiled.budget),
      sli,
      consumed,
      remaining,
    ]
    if (!figures.every((figure) => figure === null || Number.isFinite(figure))) {
      throw new Error(`${reading.scope} at ${reading.at} over ${windowMs} ms: ${figures.join(', ')}`)
    }
  }
}
