import { join } from 'node:path'
import { configWithoutSecrets } from '../../src/config/load-config.ts'
import { type DashboardSettings, usualDashboards } from '../../src/core/model/dashboard-settings.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { everyMetric } from './dashboard-world.ts'
import { repositoryRoot } from './repository-files.ts'

/** The SLOs of shipped rule files. */
export async function shippedSlos(...paths: readonly string[]): Promise<readonly Slo[]> {
  const { slos, problems } = await loadRules(paths.map((path) => join(repositoryRoot, path)))
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return slos
}

/** What `dashboards:` of an engine config says. */
export function dashboardSettings(block: string): DashboardSettings {
  const { config, problems } = configWithoutSecrets('sloburn.yaml', `rules: [rules]\ndashboards:${block}`)
  if (config === undefined) throw new Error(JSON.stringify(problems))
  return config.dashboards
}

/** Rule files of every kind, and settings from none to all: what dashboards are checked with. */
export async function everyInput(): Promise<
  readonly { name: string; slos: readonly Slo[]; settings: DashboardSettings }[]
> {
  const all = dashboardSettings(`${everyMetric}  traces: tempo\n  tags: [shop]\n`)
  const demo = await shippedSlos('rules/demo')
  return [
    { name: 'demo', slos: demo, settings: usualDashboards },
    { name: 'demo with everything', slos: demo, settings: all },
    { name: 'traces of Jaeger', slos: demo, settings: dashboardSettings('\n  traces: jaeger\n') },
    {
      name: 'active-active',
      slos: await shippedSlos('rules/active-active/prometheus.yaml'),
      settings: usualDashboards,
    },
    { name: 'OpenTelemetry', slos: await shippedSlos('rules/active-active/opentelemetry.yaml'), settings: all },
    { name: 'all packs', slos: await shippedSlos('rules/packs', 'rules/examples'), settings: all },
  ]
}
