import type { DashboardSettings } from '../../core/model/dashboard-settings.ts'
import { colors } from '../colors.ts'
import type { Annotation } from '../dashboard.ts'
import { inRegions } from '../promql.ts'
import { ofSlos } from '../slo-metrics.ts'

/** Deployments, incidents and maintenance, on every time axis; `regions` is what the regions must match. */
export function annotations(
  { deployments, regionLabel }: DashboardSettings,
  regions = '$region',
): readonly Annotation[] {
  return [
    {
      name: 'Deploys',
      color: colors.info,
      expr: `max by (kind, text, service, region) (${announced(regions)}) * 1000`,
      title: '{{kind}} {{service}}',
      text: '{{text}} {{region}}',
      tags: ['kind', 'service', 'region'],
      isMoment: true,
      isOn: true,
    },
    ...(deployments === undefined
      ? []
      : [
          {
            name: 'Deployments',
            color: colors.info,
            expr: `max by (${regionLabel}, ${deployments.version}) (${inRegions(deployments.timestamp, regionLabel, regions)}) * 1000`,
            title: 'deployment',
            text: `{{${deployments.version}}} {{${regionLabel}}}`,
            tags: [regionLabel],
            isMoment: true,
            isOn: true,
          },
        ]),
    {
      name: 'Incidents',
      color: colors.bad,
      expr: `max by (slo, service, severity) (${ofSlos('slo_incident_opened_timestamp_seconds')} > bool 0)`,
      title: '{{severity}} {{slo}}',
      text: 'incident of {{service}}',
      tags: ['severity', 'service'],
      isMoment: false,
      isOn: true,
    },
    {
      name: 'Maintenance',
      color: colors.unknown,
      expr: 'max by (about, reason, author, budget) (slo_maintenance_active)',
      title: 'maintenance: {{about}}',
      text: '{{reason}} ({{author}}), {{budget}} in the budget',
      tags: ['budget'],
      isMoment: false,
      isOn: true,
    },
  ]
}

/** Changes that concern the services and regions chosen, or all. */
export function announced(regions = '$region'): string {
  return `slo_annotation_timestamp_seconds{service=~"(?:$service)?",region=~"(?:${regions})?"}`
}
