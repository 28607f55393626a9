import type { DashboardSettings } from '../core/model/dashboard-settings.ts'
import type { Slo } from '../core/model/slo.ts'
import { classicDashboard } from './classic/classic-dashboard.ts'
import { debug } from './content/debug.ts'
import { detail } from './content/detail.ts'
import { executive } from './content/executive.ts'
import { onCall } from './content/on-call.ts'
import type { Dashboard } from './dashboard.ts'
import { lintExclusions } from './lint-exclusions.ts'
import { provisioningFiles } from './provisioning.ts'
import { ruleFacts } from './rule-facts.ts'
import { v2Dashboard } from './v2/v2-dashboard.ts'

/** `classic` is what every Grafana since 10 reads, `v2` what Grafana 12 and newer store themselves. */
export const dashboardSchemas = ['classic', 'v2'] as const

export type DashboardSchema = (typeof dashboardSchemas)[number]

/** A file to be written, below the directory that was asked for. */
export interface MadeFile {
  readonly path: string
  readonly text: string
}

/** The four dashboards of some SLOs: the same input makes the same. */
export function makeDashboards(slos: readonly Slo[], settings: DashboardSettings): readonly Dashboard[] {
  const byName = slos.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const tags = [...new Set(['slo', 'generated', ...settings.tags])]
  const input = { facts: ruleFacts(byName, settings.availability), settings: { ...settings, tags } }
  return [executive(input), onCall(input), debug(input), detail(input)]
}

/** A dashboard as Grafana stores it. */
export function dashboardText(made: Dashboard, schema: DashboardSchema, folder: string): string {
  const written = schema === 'classic' ? classicDashboard(made) : v2Dashboard(made, folderUid(folder))
  return `${JSON.stringify(written, undefined, 2)}\n`
}

/** Everything that belongs into a Grafana: dashboards, what the linter is to leave out, and provisioning. */
export function dashboardFiles(
  dashboards: readonly Dashboard[],
  schema: DashboardSchema,
  { folder }: Pick<DashboardSettings, 'folder'>,
): readonly MadeFile[] {
  return [
    ...dashboards.map((made) => ({ path: `${made.uid}.json`, text: dashboardText(made, schema, folder) })),
    { path: '.lint', text: lintExclusions },
    ...provisioningFiles(folder, folderUid(folder)),
  ]
}

/** The uid of a folder, made from its title: at most 40 letters, digits and dashes, as Grafana has it. */
export function folderUid(title: string): string {
  const uid = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `sloburn-${uid}`.slice(0, 40)
}
