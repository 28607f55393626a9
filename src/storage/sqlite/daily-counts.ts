import type { DatabaseSync } from 'node:sqlite'
import type { DayCounts } from '../../core/model/daily-counts.ts'
import { dailyCountsPerAnswerMax } from '../../core/model/limits.ts'
import type { DailyCounts } from '../../ports/daily-counts.ts'
import { prepared } from './prepared.ts'
import { numberIn, type Row, textIn } from './rows.ts'
import * as sql from './statements/days.ts'

/** Days in their table; both ways to write must run inside a transaction. */
export interface SqliteDailyCounts extends DailyCounts {
  write(days: readonly DayCounts[]): void
  /** Writes each day that shares no instant with one that is there. */
  writePast(days: readonly DayCounts[]): void
}

/** The days of a database. */
export function sqliteDailyCounts(database: DatabaseSync): SqliteDailyCounts {
  const upsert = prepared(database, sql.upsertDay)
  const insert = prepared(database, sql.insertPastDay)
  const select = prepared(database, sql.selectDays)
  const selectOfSlo = prepared(database, sql.selectDaysOfSlo)
  const remove = prepared(database, sql.pruneDays)
  const limit = dailyCountsPerAnswerMax

  return {
    write(days) {
      for (const day of days) upsert.run(rowOf(day))
    },
    writePast(days) {
      for (const day of days) insert.run(rowOf(day))
    },
    async list({ from, to, slos }) {
      if (slos === undefined) return select.all({ from, to, limit }).map(dayOf)
      return slos.flatMap((slo) => selectOfSlo.all({ slo, from, to, limit }).map(dayOf)).slice(0, limit)
    },
    prune: async (endedBefore) => Number(remove.run({ endedBefore }).changes),
  }
}

function rowOf({ slo, region, from, to, until, bad, total, seenMs }: DayCounts) {
  return { slo, region, from, to, until, bad, total, seenMs: Math.round(seenMs) }
}

function dayOf(row: Row): DayCounts {
  return {
    slo: textIn(row, 'slo'),
    region: textIn(row, 'region'),
    from: numberIn(row, 'from_at'),
    to: numberIn(row, 'to_at'),
    until: numberIn(row, 'until_at'),
    bad: numberIn(row, 'bad'),
    total: numberIn(row, 'total'),
    seenMs: numberIn(row, 'seen_ms'),
  }
}
