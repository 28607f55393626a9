import type { DashboardSettings } from '../../core/model/dashboard-settings.ts'
import type { DashboardUid, Link, ValueLink } from '../dashboard.ts'

const overview: Readonly<Record<DashboardUid, { readonly title: string; readonly tooltip: string }>> = {
  'slo-exec': { title: 'Executive', tooltip: 'Is the promise kept, and what did it cost?' },
  'slo-oncall': { title: 'On-call', tooltip: 'What burns now, where, and what changed?' },
  'slo-debug': { title: 'Debug', tooltip: 'Why does it burn?' },
  'slo-detail': { title: 'SLO detail', tooltip: 'Everything about one SLO' },
}

/** The way from one dashboard to the others, widest first, and out to the engine's own pages. */
export function linksFrom(here: DashboardUid, { engineUrl }: DashboardSettings): readonly Link[] {
  const uids: readonly DashboardUid[] = ['slo-exec', 'slo-oncall', 'slo-debug', 'slo-detail']
  const inside = uids
    .filter((uid) => uid !== here)
    .map((uid): Link => {
      // Of several SLOs that are chosen it could not show one.
      const keeps = uid === 'slo-detail' ? 'time' : 'choices'
      return { ...overview[uid], url: `/d/${uid}`, keeps }
    })
  if (engineUrl === undefined) return inside
  const tooltip = 'Incidents, silences and how every figure was reckoned'
  return [...inside, { title: 'sloburn', url: engineUrl, tooltip, keeps: 'nothing' }]
}

/** From a row of a table to the detail of its SLO. */
export const toDetailOfRow: ValueLink = {
  title: 'Detail of ${__data.fields.slo}',
  url: '/d/slo-detail?var-datasource=${datasource}&var-slo=${__data.fields.slo:percentencode}&${__url_time_range}',
}

/** From a row of a table to what is behind it, in its region. */
export const toDebugOfRow: ValueLink = {
  title: 'Debug in ${__data.fields.region}',
  url: '/d/slo-debug?var-datasource=${datasource}&var-slo=${__data.fields.slo:percentencode}&var-region=${__data.fields.region:percentencode}&${__url_time_range}',
}

/** From a line or a value to the detail of its SLO. */
export const toDetailOfSeries: ValueLink = {
  title: 'Detail of ${__field.labels.slo}',
  url: '/d/slo-detail?var-datasource=${datasource}&var-slo=${__field.labels.slo:percentencode}&${__url_time_range}',
}

/** From a line or a value to the on-call view of its region. */
export const toOnCallOfRegion: ValueLink = {
  title: 'On-call in ${__field.labels.region}',
  url: '/d/slo-oncall?var-datasource=${datasource}&var-region=${__field.labels.region:percentencode}&${__url_time_range}',
}

/** From a line or a value to what is behind it in its region. */
export const toDebugOfRegion: ValueLink = {
  title: 'Debug in ${__field.labels.region}',
  url: '/d/slo-debug?var-datasource=${datasource}&var-region=${__field.labels.region:percentencode}&${__url_time_range}',
}

/** To the runbook that a cell names. */
export const toRunbook: ValueLink = { title: 'Open the runbook', url: '${__value.raw}' }
