import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { audibleAlerts } from '../../core/incidents/audible.ts'
import type { Incident } from '../../core/model/incident.ts'
import { incidentsPerAnswer, overviewAgeMinMs } from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpAnswer, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import type { Inbox } from '../../ports/inbox.ts'
import type { IncidentBoard } from '../../ports/incident-board.ts'
import type { StatusView } from '../../ports/status-view.ts'
import type { IncidentHead, Overview } from '../ui/browser/wire.ts'
import { dataAnswer, unixSeconds } from './json-answer.ts'
import { OverviewBook } from './overview-book.ts'

/** What an overview is made of. */
export interface OverviewWorld {
  readonly view: StatusView
  readonly incidents: Pick<IncidentBoard, 'incidents' | 'silences'>
  readonly clock: Pick<Clock, 'now'>
  readonly inbox?: Inbox
}

/** Answers below this are sent as they are. */
const gzipFromBytes = 16 * 1024

/** `GET /api/v1/overview`: the list of the web page, all of it or what changed since the version in `since`. */
export function overviewRoute({ view, incidents, clock, inbox }: OverviewWorld): HttpRoute {
  const book = new OverviewBook(
    () => view.slos(),
    () => clock.now(),
    overviewAgeMinMs,
  )
  return {
    method: 'GET',
    path: '/api/v1/overview',
    handle: async (request) => {
      const now = clock.now()
      const open = await incidents.incidents({ state: 'open', limit: incidentsPerAnswer })
      const { rows, ...told } = book.since(request.query.get('since'))
      const head: Omit<Overview, 'rows'> = {
        ...told,
        now: now / secondMs,
        everySeconds: overviewAgeMinMs / secondMs,
        notReady: view.notReadyReasons(),
        evaluatedAt: unixSeconds(newest(view.sources().map(({ watermark }) => watermark))),
        sources: view.sources().map(({ watermark, ...rest }) => ({ ...rest, watermark: unixSeconds(watermark) })),
        incidents: open.map(headOf),
        silences: incidents.silences(false).filter(({ startsAt, endsAt }) => startsAt <= now && endsAt > now).length,
        inbox: inbox?.messages().map(({ at, ...rest }) => ({ ...rest, at: at / secondMs })) ?? null,
      }
      const { body = '', ...answer } = dataAnswer(head)
      // The rows are texts already: they are put in where the head ends.
      const text = String(body).trimEnd()
      return compressed({ ...answer, body: `${text.slice(0, -2)},"rows":[${rows.join(',')}]}}\n` }, request)
    },
  }
}

function newest(moments: readonly (number | null)[]): number | null {
  return moments.reduce((latest, at) => (at !== null && (latest === null || at > latest) ? at : latest), null)
}

function headOf(incident: Incident): IncidentHead {
  const { id, key, service, sev, severity, openedAt, alerts, acknowledgement } = incident
  return {
    id,
    key,
    service,
    sev,
    severity,
    openedAt: openedAt / secondMs,
    scopes: [...new Set(alerts.map((alert) => alert.id.scope))],
    acknowledgedBy: acknowledgement?.by ?? null,
    isQuiet: audibleAlerts(incident).length === 0,
  }
}

const gzipped = promisify(gzip)

async function compressed(answer: HttpAnswer, { headers }: HttpRequest): Promise<HttpAnswer> {
  const { body = '' } = answer
  if (body.length < gzipFromBytes || !/\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))) return answer
  const added = { 'content-encoding': 'gzip', vary: 'accept-encoding' }
  return { ...answer, headers: { ...answer.headers, ...added }, body: await gzipped(body, { level: 1 }) }
}
