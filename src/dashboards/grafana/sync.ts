import type { Secret } from '../../core/model/secret.ts'
import type { Dashboard } from '../dashboard.ts'
import { type DashboardSchema, dashboardText, folderUid } from '../make-dashboards.ts'
import { type Difference, differences } from './compare.ts'
import { type GrafanaClient, grafanaClient, type Resource } from './grafana-client.ts'

/** A Grafana, and how dashboards are to lie there. */
export interface GrafanaTarget {
  readonly url: string
  readonly token: Secret
  readonly schema: DashboardSchema
  /** The title of the folder. */
  readonly folder: string
}

/** How one dashboard compares. */
export interface Comparison {
  readonly uid: string
  readonly isMissing: boolean
  readonly differences: readonly Difference[]
}

/** Compares each dashboard with that of its uid in a running Grafana. */
export async function compareWith(target: GrafanaTarget, dashboards: readonly Dashboard[]): Promise<Comparison[]> {
  const client = grafanaClient(target.url, target.token)
  const results: Comparison[] = []
  for (const made of dashboards) {
    const text = dashboardText(made, target.schema, target.folder)
    const compared = target.schema === 'classic' ? classic(client, made.uid, text) : resource(client, text)
    results.push({ uid: made.uid, ...(await compared) })
  }
  return results
}

/** Writes each dashboard into its folder, over what is there; answers their uids. */
export async function pushTo(
  { url, token, schema, folder }: GrafanaTarget,
  dashboards: readonly Dashboard[],
): Promise<readonly string[]> {
  const client = grafanaClient(url, token)
  const place = { uid: folderUid(folder), title: folder }
  for (const made of dashboards) {
    const text = dashboardText(made, schema, folder)
    if (schema === 'classic') await client.writeClassic(JSON.parse(text), place)
    else await client.writeResource(JSON.parse(text), place)
  }
  return dashboards.map(({ uid }) => uid)
}

async function classic(client: GrafanaClient, uid: string, text: string): Promise<Omit<Comparison, 'uid'>> {
  const theirs = await client.readClassic(uid)
  const isMissing = theirs === undefined
  return { isMissing, differences: isMissing ? [] : differences(JSON.parse(text), theirs) }
}

/** Of a resource the content counts; who wrote it and when, Grafana adds. */
async function resource(client: GrafanaClient, text: string): Promise<Omit<Comparison, 'uid'>> {
  const ours: Resource = JSON.parse(text)
  const theirs = await client.readResource(ours)
  return theirs === undefined
    ? { isMissing: true, differences: [] }
    : { isMissing: false, differences: differences({ spec: ours.spec }, { spec: theirs.spec }) }
}
