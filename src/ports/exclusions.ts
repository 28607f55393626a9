import type { Exclusion } from '../core/model/exclusion.ts'
import type { EpochMs } from '../core/model/units.ts'

/** Exclusions that people made while the engine runs, and who did what to them: nothing is ever lost. */
export interface ExclusionStore {
  /** In the order in which they were made; with those that were taken back where asked. */
  list(query: { readonly withRemoved: boolean }): Promise<readonly ExclusionRecord[]>
  /** Keeps one, and that it was made. */
  add(exclusion: Exclusion, at: EpochMs): Promise<void>
  /** Takes one back: its events count again. False where there is none of that id in force. */
  remove(id: string, by: { readonly author: string; readonly reason: string }, at: EpochMs): Promise<boolean>
  /** Everything that was done, newest first. */
  audit(query: { readonly limit: number }): Promise<readonly ExclusionAudit[]>
}

/** An exclusion with its fate. */
export interface ExclusionRecord {
  readonly exclusion: Exclusion
  readonly createdAt: EpochMs
  readonly removed: { readonly at: EpochMs; readonly author: string; readonly reason: string } | null
}

/** One thing that was done. */
export interface ExclusionAudit {
  readonly exclusionId: string
  readonly action: 'created' | 'removed'
  readonly at: EpochMs
  readonly author: string
  readonly reason: string
}
