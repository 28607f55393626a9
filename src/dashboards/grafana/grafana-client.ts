import type { Secret } from '../../core/model/secret.ts'
import { secondMs } from '../../core/model/units.ts'

/** A Grafana that can be asked for dashboards and told new ones. All reject with a `GrafanaFault` that says what to do. */
export interface GrafanaClient {
  /** The dashboard of that uid as it is stored; undefined where there is none. */
  readClassic(uid: string): Promise<unknown>
  /** Stores a dashboard in a folder, over what is there; the folder is made where it is missing. */
  writeClassic(dashboard: unknown, folder: Folder): Promise<void>
  /** The same by the API of resources. */
  readResource(resource: Resource): Promise<{ readonly spec: unknown } | undefined>
  writeResource(resource: Resource, folder: Folder): Promise<void>
}

export interface Folder {
  readonly uid: string
  readonly title: string
}

/** A dashboard with the schema it is in. */
export interface Resource {
  readonly apiVersion: string
  readonly metadata: { readonly name: string }
  readonly spec: unknown
}

/** Grafana did not do what was asked. */
export class GrafanaFault extends Error {}

/** Longer than any dashboard takes to store; whoever waits at a terminal wants to know by then. */
const timeoutMs = 15 * secondMs
/** What a Grafana says of a fault is shown up to this length. */
const reasonLengthMax = 300

/** Talks to the HTTP API of a Grafana. `url` may have a path; the token is that of a service account that may write dashboards. */
export function grafanaClient(url: string, token: Secret): GrafanaClient {
  const ask = asking(url, token)
  const ensureFolder = async (folder: Folder): Promise<void> => {
    const found = await ask('GET', `/api/folders/${folder.uid}`)
    if (found !== undefined) return
    await written(ask('POST', '/api/folders', folder), 'the folder')
  }
  return {
    readClassic: async (uid) => partOf(await ask('GET', `/api/dashboards/uid/${uid}`), 'dashboard'),
    writeClassic: async (dashboard, folder) => {
      await ensureFolder(folder)
      const message = 'made by sloburn dashboards'
      const body = { dashboard, folderUid: folder.uid, overwrite: true, message }
      await written(ask('POST', '/api/dashboards/db', body), 'the dashboard')
    },
    readResource: async (resource) => {
      const found = await ask('GET', resourcePath(resource))
      return found === undefined ? undefined : { spec: partOf(found, 'spec') }
    },
    writeResource: async (resource, folder) => {
      await ensureFolder(folder)
      const { name } = resource.metadata
      const known = await ask('GET', resourcePath(resource))
      const version = partOf(partOf(known, 'metadata'), 'resourceVersion')
      const metadata = { ...resource.metadata, ...(typeof version === 'string' ? { resourceVersion: version } : {}) }
      const body = { ...resource, metadata }
      const collection = resourcePath({ ...resource, metadata: { name: '' } }).slice(0, -1)
      await written(
        known === undefined ? ask('POST', collection, body) : ask('PUT', resourcePath(resource), body),
        `the dashboard ${name}`,
      )
    },
  }
}

/** Namespace `default` is the first organization of a Grafana of one's own. */
function resourcePath({ apiVersion, metadata: { name } }: Resource): string {
  return `/apis/${apiVersion}/namespaces/default/dashboards/${name}`
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined
}

async function written(answer: Promise<unknown>, what: string): Promise<void> {
  if ((await answer) === undefined) throw new GrafanaFault(`${what} was not taken: this Grafana has no such API (404)`)
}

type Ask = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) => Promise<unknown>

/** One request; undefined where there is nothing of that name. */
function asking(url: string, token: Secret): Ask {
  const base = url.replace(/\/+$/, '')
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new GrafanaFault(`${base} cannot be reached: ${reasonOf(error)}`)
    })
    const text = await response.text()
    if (response.status === 404) return undefined
    if (!response.ok) throw new GrafanaFault(`${method} ${path}: ${explained(response.status, text)}`)
    return parsed(text, path)
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GrafanaFault(`${path} answers something that is not JSON: is this the address of a Grafana?`)
  }
}

function explained(status: number, text: string): string {
  const hints: Readonly<Record<number, string>> = {
    301: 'it has moved: give the address that it redirects to',
    302: 'it redirects, perhaps to a login page: give the address of Grafana itself',
    401: 'the token is not accepted',
    403: 'the token may not do this: its service account needs the role Editor',
    412: 'somebody changed it at the same time, or it is provisioned from a file',
  }
  const hint = hints[status]
  const said = text.slice(0, reasonLengthMax).trim()
  return [`HTTP ${status}`, ...(hint === undefined ? [] : [hint]), ...(said === '' ? [] : [said])].join('; ')
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
