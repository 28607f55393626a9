import type { DashboardSettings } from '../../core/model/dashboard-settings.ts'
import type { RuleFacts } from '../rule-facts.ts'

/** What the content of every dashboard is made from. */
export interface ContentInput {
  readonly facts: RuleFacts
  readonly settings: DashboardSettings
}
