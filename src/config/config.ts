import type { IncidentPolicy } from '../core/incidents/incident-policy.ts'
import type { DashboardSettings } from '../core/model/dashboard-settings.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { ReceiverConfig } from '../delivery/receivers/config.ts'
import type { ApiConfig } from './parts/api.ts'
import type { DeliveryConfig } from './parts/delivery.ts'
import type { ExportConfig } from './parts/export.ts'
import type { ListenConfig } from './parts/listen.ts'
import type { LogConfig } from './parts/log.ts'
import type { ReportsConfig } from './parts/reports.ts'
import type { RouteConfig } from './parts/routes.ts'
import type { FallbackConfig, HeartbeatConfig } from './parts/safety.ts'
import type { SourceConfig } from './parts/sources.ts'
import type { StoreConfig } from './parts/store.ts'

/** The engine config, checked and complete: every default is filled in and every secret resolved. */
export interface Config {
  /** Rule files and directories; relative ones are seen from the directory of the config file. */
  readonly rules: readonly string[]
  readonly listen: ListenConfig
  readonly evaluation: {
    readonly intervalMs: DurationMs
    /** How long data of a step is waited for after its end, beyond what the watermark tells. */
    readonly delayMs: DurationMs
  }
  readonly sources: readonly SourceConfig[]
  readonly receivers: readonly ReceiverConfig[]
  /** Where messages may go. */
  readonly delivery: DeliveryConfig
  readonly routes: readonly RouteConfig[]
  /** How alerts become incidents, and what keeps them quiet. */
  readonly incidents: IncidentPolicy
  /** Told of a page that could not be delivered in time; undefined where nobody is. */
  readonly fallback: FallbackConfig | undefined
  /** Expects signs of life; undefined where nobody does. */
  readonly heartbeat: HeartbeatConfig | undefined
  readonly api: ApiConfig
  /** How budget reports look, and who is sent which. */
  readonly reports: ReportsConfig
  /** What dashboards show beside SLOs; the engine itself makes none. */
  readonly dashboards: DashboardSettings
  /** Stores that our own series are sent to. */
  readonly exports: readonly ExportConfig[]
  readonly store: StoreConfig
  readonly checkpoint: { readonly intervalMs: DurationMs }
  readonly log: LogConfig
  /** Where people reach the engine, for links in messages; undefined when it is where the engine listens. */
  readonly externalUrl: string | undefined
}
