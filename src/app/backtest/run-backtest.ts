import type { Exclusion } from '../../core/model/exclusion.ts'
import type { Slo } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import type { MissingBucket } from '../../engine/bucket-watch.ts'
import { replay } from '../../simulation/replay.ts'
import { type BacktestReport, backtestReport } from './backtest-report.ts'
import { burnRateFile } from './burn-rate-file.ts'
import { type HistoryWatch, readHistory } from './read-history.ts'

/** What is replayed, by which rules and over which time. */
export interface BacktestSettings {
  readonly slos: readonly Slo[]
  /** What is left out of budgets, and not told. */
  readonly maintenances: readonly Exclusion[]
  readonly files: readonly string[]
  readonly start: EpochMs | undefined
  readonly end: EpochMs | undefined
  readonly stepMs: DurationMs
  /** Where every burn rate of every step is written; nowhere when undefined. */
  readonly burnRates: string | undefined
}

/** Who is told while a backtest runs. */
export interface BacktestWatch extends HistoryWatch {
  /** Told of how far the replay has come in time. */
  readonly onReplay: (at: EpochMs) => void
}

/** What a backtest found, and what history lacked. */
export interface BacktestResult {
  readonly report: BacktestReport
  /** Samples that carried no time and were left out. */
  readonly untimed: number
  /** Buckets that SLOs ask for and that history does not have. */
  readonly missingBuckets: readonly MissingBucket[]
}

/** Reads history and replays it through the engine. Rejects when a file cannot be read or written. */
export async function runBacktest(settings: BacktestSettings, watch: BacktestWatch): Promise<BacktestResult> {
  const { slos, maintenances, files, start, end, stepMs, burnRates } = settings
  const lines = burnRates === undefined ? undefined : burnRateFile(burnRates)
  try {
    const { log, engine, run } = replay(
      slos,
      stepMs,
      lines === undefined ? undefined : (reading) => lines.write(reading),
    )
    engine.setExclusions(maintenances)
    const size = await readHistory(files, log, watch)
    const result = await run({ start, end, onProgress: watch.onReplay })
    return {
      report: backtestReport(engine, result, stepMs, size),
      untimed: log.untimed,
      missingBuckets: engine.counting.buckets.held,
    }
  } finally {
    lines?.close()
  }
}
