import { ask } from './api.ts'
import type { Overview, SloRow } from './wire.ts'

/** What the page knows of the engine: the list is asked for as a whole once, and then for what changed. */
export class Known {
  readonly rows = new Map<string, SloRow>()
  #overview: Overview | undefined

  /** The last answer; undefined before the first. */
  get overview(): Overview | undefined {
    return this.#overview
  }

  /** The engine's clock at the last answer, in Unix seconds. */
  get now(): number {
    return this.#overview?.now ?? 0
  }

  async refresh(): Promise<Overview> {
    const since = this.#overview?.version
    const told = await ask<Overview>('api/v1/overview', since === undefined ? {} : { since })
    if (told.isWhole) this.rows.clear()
    for (const name of told.gone) this.rows.delete(name)
    for (const row of told.rows) this.rows.set(row.name, row)
    this.#overview = told
    return told
  }
}
