import { slosPerPageMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpRoute } from '../../ports/http-route.ts'
import type { Inbox, SloStatus, StatusView } from '../../ports/status-view.ts'
import { activeAlertsSection, resolvedAlertsSection } from './alerts-section.ts'
import { compareUrgency, worstCondition } from './condition.ts'
import { countText, moment } from './figures.ts'
import { type Html, html } from './html.ts'
import { inboxSection } from './inbox-section.ts'
import { pageFrame, pageHeaders } from './page-frame.ts'
import { sloSection } from './slo-section.ts'
import { sourcesSection } from './sources-section.ts'

export interface StatusPageOptions {
  readonly view: StatusView
  readonly clock: Pick<Clock, 'now'>
  readonly inbox?: Inbox
}

const recentlyResolved = 8
/** Enough to find some that are resolved when many fire. */
const episodesRead = 100

/** `GET /`: everything on one page, which keeps itself up to date. */
export function statusPageRoute({ view, clock, inbox }: StatusPageOptions): HttpRoute {
  return {
    method: 'GET',
    path: '/',
    handle: async () => {
      const now = clock.now()
      const active = await view.episodes({ activeOnly: true, limit: episodesRead })
      const all = await view.episodes({ activeOnly: false, limit: episodesRead })
      const resolved = all.filter(({ resolvedAt }) => resolvedAt !== null).slice(0, recentlyResolved)
      const pages = active.filter(({ id }) => id.severity === 'page').length
      const main = html`
${summary(view.slos(), pages, active.length - pages, view.notReadyReasons(), now)}
<div class="columns">
  <div>
    ${activeAlertsSection(active, now)}
    ${slosSection(view.slos(), now)}
  </div>
  <aside>
    ${inbox === undefined ? undefined : inboxSection(inbox.messages(), now)}
    ${resolvedAlertsSection(resolved, now)}
    ${sourcesSection(view.sources(), now)}
  </aside>
</div>`
      return { status: 200, headers: pageHeaders, body: pageFrame(titleOf(pages), main) }
    },
  }
}

function titleOf(pages: number): string {
  return pages === 0 ? 'sloburn' : `(${pages}) sloburn`
}

function summary(
  slos: readonly SloStatus[],
  pages: number,
  tickets: number,
  notReady: readonly string[],
  now: EpochMs,
): Html {
  const readiness =
    notReady.length === 0
      ? html`<p>● ready</p>`
      : html`<p class="problem" role="status">◐ not ready: ${notReady.join('; ')}</p>`
  return html`<div class="summary">
  <p class="tile ${pages > 0 ? 'page' : 'calm'}"><b>${pages}</b> ${pages === 1 ? 'page' : 'pages'}</p>
  <p class="tile ${tickets > 0 ? 'ticket' : 'calm'}"><b>${tickets}</b> ${tickets === 1 ? 'ticket' : 'tickets'}</p>
  <p class="tile calm"><b>${countText(slos.length)}</b> ${slos.length === 1 ? 'SLO' : 'SLOs'}</p>
  <div class="about">${readiness}<p>as of ${moment(now, now)} UTC</p></div>
</div>`
}

function slosSection(slos: readonly SloStatus[], now: EpochMs): Html {
  const ordered = [...slos].sort(
    (a, b) => compareUrgency(worstCondition(a), worstCondition(b)) || leastRemaining(a) - leastRemaining(b),
  )
  const shown = ordered.slice(0, slosPerPageMax).map((slo) => sloSection(slo, now))
  const rest = ordered.length - shown.length
  const more =
    rest === 0
      ? undefined
      : html`<p class="none">${countText(rest)} more, none of them worse, at <a href="api/v1/slos">api/v1/slos</a></p>`
  const none =
    slos.length > 0
      ? undefined
      : html`<p class="none">No SLO is declared. The rule files that the config names hold none.</p>`
  return html`<section aria-labelledby="slos"><h2 id="slos">Objectives</h2>${none}${shown}${more}</section>`
}

/** What is not known sorts behind what is. */
function leastRemaining({ scopes }: SloStatus): number {
  return Math.min(Number.MAX_VALUE, ...scopes.map(({ projected }) => projected?.remaining ?? Number.MAX_VALUE))
}
