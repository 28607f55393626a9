import { fileURLToPath } from 'node:url'
import { usualDashboards } from '../src/core/model/dashboard-settings.ts'
import { dashboardFiles, makeDashboards } from '../src/dashboards/make-dashboards.ts'
import { loadRules } from '../src/rules/load-rules.ts'

/** Which rule files have their dashboards below dashboards/, by the name of the folder. */
const shipped: Readonly<Record<string, string>> = {
  demo: 'rules/demo',
  'active-active': 'rules/active-active/prometheus.yaml',
}

/** The files of dashboards/, by path from the root; `npm run dashboards` writes them. */
export async function shippedDashboards(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const [folder, rules] of Object.entries(shipped)) {
    const { slos, problems } = await loadRules([fileURLToPath(new URL(`../${rules}`, import.meta.url))])
    if (slos.length === 0) throw new Error(`${rules} has no SLO: ${JSON.stringify(problems)}`)
    const made = makeDashboards(slos, usualDashboards)
    for (const { path, text } of dashboardFiles(made, 'classic', usualDashboards)) {
      files.set(`dashboards/${folder}/${path}`, text)
    }
  }
  return files
}
