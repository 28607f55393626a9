import type { Problem } from '../core/model/problem.ts'
import type { BusinessHours } from '../core/time/business-hours.ts'
import type { Clock } from '../ports/clock.ts'
import type { DefinitionView } from '../ports/definition-view.ts'
import type { ExclusionBoard } from '../ports/exclusion-board.ts'
import type { HistoryView } from '../ports/history-view.ts'
import type { HttpRoute } from '../ports/http-route.ts'
import type { Inbox } from '../ports/inbox.ts'
import type { IncidentBoard } from '../ports/incident-board.ts'
import type { StatusView } from '../ports/status-view.ts'
import { alertsRoute } from './api/alerts-route.ts'
import { annotationRoutes } from './api/annotation-routes.ts'
import { type CallbackWorld, callbackRoutes } from './api/callback-routes.ts'
import { definitionRoute } from './api/definition-route.ts'
import { exclusionRoutes } from './api/exclusions-route.ts'
import { healthRoutes } from './api/health-routes.ts'
import { historyRoutes } from './api/history-routes.ts'
import { incidentRoutes } from './api/incident-routes.ts'
import { type MetricsPage, metricsRoute } from './api/metrics-route.ts'
import { onCallRoute } from './api/on-call-route.ts'
import { overviewRoute } from './api/overview-route.ts'
import { reloadRoute } from './api/reload-route.ts'
import { silenceRoutes } from './api/silence-routes.ts'
import { sloRoutes } from './api/slo-routes.ts'
import { sourcesRoute } from './api/sources-route.ts'
import { statusRoute } from './api/status-route.ts'
import { guardWrites, type RefusedWrite, type WriteAccess } from './api/write-guard.ts'
import { pageRoutes } from './ui/page-routes.ts'

/** What the engine shows, and who may change it. */
export interface WebOptions {
  readonly view: StatusView
  readonly history: HistoryView
  readonly definitions: DefinitionView
  readonly clock: Pick<Clock, 'now'>
  readonly metrics: () => Promise<MetricsPage>
  /** Loads config and rules again; problems of severity error mean that the old ones stay in force. */
  readonly reload: () => Promise<readonly Problem[]>
  readonly exclusions: ExclusionBoard
  readonly incidents: IncidentBoard
  /** What the services of receivers post back; absent where none does. */
  readonly callbacks?: Omit<CallbackWorld, 'board' | 'clock'>
  /** Who may write. */
  readonly access: () => WriteAccess
  /** When people work: on-call health tells pages outside apart. */
  readonly workingHours: () => BusinessHours
  /** Shown on the web page where there is one. */
  readonly inbox?: Inbox
}

/** Everything the engine itself answers over HTTP; what ingest protocols take in comes beside it. */
export function webRoutes(options: WebOptions): readonly HttpRoute[] {
  const routes = [
    ...pageRoutes(),
    overviewRoute(options),
    ...historyRoutes(options.history),
    onCallRoute(options),
    ...healthRoutes(options.view),
    reloadRoute(options.reload),
    metricsRoute(options.metrics),
    ...sloRoutes(options.view),
    definitionRoute(options.definitions),
    alertsRoute(options.view),
    sourcesRoute(options.view),
    statusRoute(options.view),
    ...exclusionRoutes(options.exclusions),
    ...incidentRoutes(options.incidents),
    ...silenceRoutes(options.incidents, options.clock),
    ...annotationRoutes(options.incidents),
    ...(options.callbacks === undefined
      ? []
      : callbackRoutes({ ...options.callbacks, board: options.incidents, clock: options.clock })),
  ]
  const { callbacks } = options
  return guardWrites(routes, options.access, callbacks === undefined ? undefined : refusedWrites(callbacks))
}

/** Refused writes are counted, and written down with what they were to. */
function refusedWrites({ log, meter }: Pick<CallbackWorld, 'log' | 'meter'>): RefusedWrite {
  return ({ method, path }, { status }) => {
    meter.count('sloburn_refused_writes_total', { status: String(status) })
    log.warn({ method, path, status }, 'write refused')
  }
}
