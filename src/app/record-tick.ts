import { eventLinesPerTickMax } from '../core/model/limits.ts'
import type { TickResult } from '../engine/tick.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'

/**
 * Counts and logs what a tick decided. Of very many alerts or incidents at once the first are told one by one, and how many more there
 * were: all of them are counted, and stored.
 */
export function recordTick(result: TickResult, log: Log, meter: Meter): void {
  const { episodes, suppressed, progress, incidentEvents, audits } = result
  for (const [kind, ofKind] of Map.groupBy(incidentEvents, (event) => event.kind)) {
    meter.count('sloburn_incident_events_total', { kind }, ofKind.length)
  }
  for (const { incidentId, kind, about, reason } of incidentEvents.slice(0, eventLinesPerTickMax)) {
    log.info({ incident: incidentId, kind, about, reason }, 'incident')
  }
  tellRest(incidentEvents.length, 'more happened to incidents: their timelines say it', log, meter)
  for (const state of ['moving', 'late', 'lost'] as const) {
    const found = audits.filter(({ verdict }) => verdict === state)
    meter.set('sloburn_unproven_pages', { state }, found.length)
    if (state === 'moving') continue
    for (const { incident } of found) log.error({ incident: incident.id, key: incident.key }, `a page is ${state}`)
  }
  meter.count('sloburn_evaluation_steps_total', {}, progress.size)
  for (const { id, resolvedAt } of episodes) {
    meter.count('sloburn_alert_events_total', {
      event: resolvedAt === null ? 'fired' : 'resolved',
      severity: id.severity,
    })
  }
  for (const { id, service, firedAt, resolvedAt, rule } of episodes.slice(0, eventLinesPerTickMax)) {
    log.warn({ ...id, service, firedAt, resolvedAt, rule }, `alert ${resolvedAt === null ? 'fired' : 'resolved'}`)
  }
  tellRest(episodes.length, 'more alerts fired or resolved: the list of alerts has them', log, meter)
  for (const { slo, region } of result.forgotten) {
    meter.count('sloburn_regions_forgotten_total', { slo, region })
    log.warn({ slo, region }, 'region was not seen for so long that it is no region of the SLO any more')
  }
  for (const reason of suppressed) meter.count('sloburn_suppressed_notifications_total', { reason })
}

/** Very many lines at once would cost more than what they tell of. */
function tellRest(events: number, message: string, log: Log, meter: Meter): void {
  if (events <= eventLinesPerTickMax) return
  log.warn({ events: events - eventLinesPerTickMax }, message)
  meter.count('sloburn_limit_hits_total', { limit: 'eventLinesPerTickMax' })
}
