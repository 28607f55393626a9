import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { openLoopbackServer } from '../../src/app/demo/loopback-server.ts'

/**
 * What of Grafana's HTTP API stores dashboards and folders, as its documents describe it: what they do not allow is refused. Grafana
 * itself is not among Debian's packages.
 */
export interface GrafanaServer {
  readonly url: string
  /** Method and path of every request, in order. */
  readonly requests: readonly string[]
  /** What is stored, by uid; a test may change it by hand. */
  readonly dashboards: Map<string, StoredDashboard>
  readonly folders: ReadonlyMap<string, string>
  close(): Promise<void>
}

export interface StoredDashboard {
  dashboard: Record<string, unknown>
  readonly folderUid: string | undefined
  version: number
}

/** The token of a service account with the role Editor. */
export const editorToken = 'glsa_editor'
/** That of one that may only look. */
export const viewerToken = 'glsa_viewer'

interface Answer {
  readonly status: number
  readonly body: unknown
}

export async function openGrafana(): Promise<GrafanaServer> {
  const requests: string[] = []
  const dashboards = new Map<string, StoredDashboard>()
  const folders = new Map<string, string>()
  const server = await openLoopbackServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    void answer(request, dashboards, folders).then((given) => send(response, given))
  })
  return { url: server.url, requests, dashboards, folders, close: () => server.close() }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

type Dashboards = Map<string, StoredDashboard>

async function answer(request: IncomingMessage, dashboards: Dashboards, folders: Map<string, string>): Promise<Answer> {
  const { method = '', url = '' } = request
  const token = request.headers.authorization
  if (token !== `Bearer ${editorToken}` && token !== `Bearer ${viewerToken}`) return fault(401, 'Invalid API key')
  if (method === 'GET') return read(url, dashboards, folders)
  if (token !== `Bearer ${editorToken}`) return fault(403, "You'll need additional permissions to perform this action")
  if (request.headers['content-type'] !== 'application/json') return fault(400, 'bad request data')
  const body: Record<string, unknown> = JSON.parse(await text(request))
  if (method === 'POST' && url === '/api/folders') {
    if (typeof body['uid'] !== 'string' || typeof body['title'] !== 'string') return fault(400, 'folder title is empty')
    folders.set(body['uid'], body['title'])
    return { status: 200, body }
  }
  if (method === 'POST' && url === '/api/dashboards/db') return saveClassic(body, dashboards, folders)
  const resource = /^\/apis\/dashboard\.grafana\.app\/v2\/namespaces\/default\/dashboards(?:\/([\w-]+))?$/.exec(url)
  if (resource === null) return fault(404, 'Not found')
  return saveResource(method, resource[1], body, dashboards)
}

function read(url: string, dashboards: Dashboards, folders: ReadonlyMap<string, string>): Answer {
  const [, kind = '', uid = ''] =
    /^\/(api\/folders|api\/dashboards\/uid|apis\/.+\/dashboards)\/([\w-]+)$/.exec(url) ?? []
  if (kind === 'api/folders') {
    const title = folders.get(uid)
    return title === undefined ? fault(404, 'folder not found') : { status: 200, body: { uid, title } }
  }
  const stored = dashboards.get(uid)
  if (stored === undefined) return fault(404, 'Dashboard not found')
  const { dashboard, version, folderUid } = stored
  if (kind !== 'api/dashboards/uid') return { status: 200, body: dashboard }
  // It numbers what it stores, and leaves out lists without content.
  const kept = Object.entries(dashboard).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
  return { status: 200, body: { dashboard: { ...Object.fromEntries(kept), id: 17, version }, meta: { folderUid } } }
}

function saveClassic(
  body: Record<string, unknown>,
  dashboards: Dashboards,
  folders: ReadonlyMap<string, string>,
): Answer {
  const { dashboard, folderUid, overwrite } = body
  if (!isRecord(dashboard) || typeof dashboard['uid'] !== 'string' || typeof dashboard['title'] !== 'string') {
    return fault(400, 'Dashboard title cannot be empty')
  }
  if (dashboard['id'] !== undefined && dashboard['id'] !== null) return fault(404, 'Dashboard not found')
  if (typeof folderUid !== 'string' || !folders.has(folderUid)) return fault(400, 'folder not found')
  const { uid } = dashboard
  const known = dashboards.get(uid)
  if (known !== undefined && overwrite !== true) return fault(412, 'The dashboard has been changed by someone else')
  const version = (known?.version ?? 0) + 1
  dashboards.set(uid, { dashboard, folderUid, version })
  return { status: 200, body: { id: 17, uid, url: `/d/${uid}`, status: 'success', version } }
}

function saveResource(
  method: string,
  name: string | undefined,
  body: Record<string, unknown>,
  dashboards: Dashboards,
): Answer {
  const { apiVersion, kind, metadata } = body
  if (apiVersion !== 'dashboard.grafana.app/v2' || kind !== 'Dashboard' || !isRecord(metadata)) {
    return fault(422, 'this is no dashboard of that version')
  }
  const uid = String(metadata['name'])
  const known = dashboards.get(uid)
  if (method === 'POST' ? known !== undefined || name !== undefined : known === undefined || name !== uid) {
    return fault(409, 'it is there, or not there, already')
  }
  const version = (known?.version ?? 0) + 1
  if (known !== undefined && metadata['resourceVersion'] !== String(known.version)) {
    return fault(409, 'the object has been modified')
  }
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {}
  const folderUid = String(annotations['grafana.app/folder'])
  const dashboard = { ...body, metadata: { ...metadata, resourceVersion: String(version), uid: 'k8s-uid' } }
  dashboards.set(uid, { dashboard, folderUid, version })
  return { status: method === 'POST' ? 201 : 200, body: dashboard }
}

function fault(status: number, message: string): Answer {
  return { status, body: { message } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
