import type { Config } from '../../config/config.ts'
import type { ReportInput } from '../../reports/model/report-input.ts'
import { readSqliteStore } from '../../storage/sqlite/read-sqlite-store.ts'
import { type ReportAsk, storedInput } from './stored-input.ts'

/** Reads what a report is made of from the store of an engine, running or not. Rejects when there is none that can be read. */
export async function reportFromStore({ store }: Pick<Config, 'store'>, ask: ReportAsk): Promise<ReportInput> {
  const reading = readSqliteStore(store.path)
  try {
    return await storedInput(reading, ask)
  } finally {
    reading.close()
  }
}
