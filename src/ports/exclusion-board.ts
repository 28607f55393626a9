import type { ExclusionMatch } from '../core/model/exclusion.ts'
import type { EpochMs } from '../core/model/units.ts'
import type { ExclusionAudit, ExclusionRecord } from './exclusions.ts'

/** Exclusions as people see and change them: those that rule files declare together with those made while the engine runs. */
export interface ExclusionBoard {
  /** Those of rule files first; with those that were taken back where asked. */
  list(withRemoved: boolean): Promise<readonly ListedExclusion[]>
  /** Puts one in force; why not, where it cannot be. */
  add(wanted: NewExclusion): Promise<ExclusionRecord | string>
  /** Takes one back that was made here; false where there is none. */
  remove(id: string, by: { readonly author: string; readonly reason: string }): Promise<boolean>
  /** What was done, newest first. */
  audit(limit: number): Promise<readonly ExclusionAudit[]>
}

/** An exclusion as it is shown; one of a rule file was not created at a moment that is known. */
export interface ListedExclusion extends Omit<ExclusionRecord, 'createdAt'> {
  readonly createdAt: EpochMs | null
}

/** One period as somebody asks for it. */
export interface NewExclusion {
  readonly matches: ExclusionMatch
  readonly from: EpochMs
  readonly to: EpochMs
  readonly mute: boolean
  readonly excludeFromBudget: boolean
  readonly author: string
  readonly reason: string
}
