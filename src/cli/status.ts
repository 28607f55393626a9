import { showableText } from '../core/model/showable-text.ts'
import { exitCode, type Io } from './io.ts'
import { percent } from './percent.ts'
import { textTable } from './text-table.ts'

export interface StatusArguments {
  readonly url: string
  readonly json?: boolean
}

const patienceMs = 10_000
/** Of each list; the API gives more. */
const linesOfCardinality = 3

/** Asks a running engine what it sees; 2 when it cannot be reached or answers something else. */
export async function runStatus(options: StatusArguments, io: Pick<Io, 'stdout' | 'stderr'>): Promise<number> {
  if (!URL.canParse(options.url)) {
    io.stderr.write(`sloburn status: --url ${options.url} is not a URL; write for example http://127.0.0.1:9712\n`)
    return exitCode.cannotWork
  }
  try {
    const slos = await ask(options.url, 'api/v1/slos', isSlos)
    const alerts = await ask(options.url, 'api/v1/alerts', isAlerts)
    const series = await ask(options.url, 'api/v1/status', isCardinality)
    const sources = await ask(options.url, 'api/v1/sources', isSources)
    const document = { ...slos, ...alerts, ...series, ...sources }
    io.stdout.write(options.json === true ? `${JSON.stringify(document, undefined, 2)}\n` : textReport(document))
    return exitCode.fine
  } catch (error) {
    io.stderr.write(`sloburn status: ${options.url} ${reasonOf(error)}\n`)
    return exitCode.cannotWork
  }
}

/** The parts of the API's answers that are printed. */
interface Slos {
  readonly slos: readonly SloAnswer[]
}

interface SloAnswer {
  readonly name: string
  readonly window: string
  readonly scopes: readonly {
    readonly scope: string
    readonly state: string
    readonly problem: string | null
    readonly sli: number | null
    readonly projected: { readonly remaining: number | null } | null
    readonly burnRates: readonly { readonly window: string; readonly burnRate: number | null }[]
  }[]
}

interface Alerts {
  readonly alerts: readonly {
    readonly slo: string
    readonly scope: string
    readonly severity: string
    readonly firedAt: number
  }[]
}

interface Sources {
  readonly sources: readonly {
    readonly name: string
    readonly region: string | null
    readonly problem: string | null
    readonly watermark: number | null
  }[]
}

async function ask<T>(base: string, path: string, isExpected: (data: unknown) => data is T): Promise<T> {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`)
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
  const body: unknown = await response.json()
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined
  if (!response.ok || !isExpected(data))
    throw new Error(`answered ${response.status}, which is not a sloburn engine's answer`)
  return data
}

interface Cardinality {
  readonly cardinality: Readonly<Record<'series' | 'targets' | 'refused', number>> &
    Readonly<Record<'slos' | 'metrics' | 'sources', readonly { readonly name: string; readonly series: number }[]>>
}

/** Absent in answers of versions that do not tell it. */
interface OwnState {
  readonly store?: { readonly writable: boolean; readonly reason?: string; readonly held?: number }
  readonly deadLetters?: readonly {
    readonly receiver: string
    readonly key: string
    readonly status: string
    readonly givenUpAt: number | null
    readonly reason: string | null
  }[]
}

/** The engine's own answers are not looked into any deeper: it is the same program. */
function isSlos(data: unknown): data is Slos {
  return typeof data === 'object' && data !== null && 'slos' in data && Array.isArray(data.slos)
}

function isAlerts(data: unknown): data is Alerts {
  return typeof data === 'object' && data !== null && 'alerts' in data && Array.isArray(data.alerts)
}

function isSources(data: unknown): data is Sources {
  return typeof data === 'object' && data !== null && 'sources' in data && Array.isArray(data.sources)
}

function isCardinality(data: unknown): data is Cardinality & OwnState {
  return typeof data === 'object' && data !== null && 'cardinality' in data && typeof data.cardinality === 'object'
}

function textReport({
  slos,
  alerts,
  cardinality,
  sources,
  ...own
}: Slos & Alerts & Cardinality & Sources & OwnState): string {
  const rows = slos.flatMap(({ name, window, scopes }) =>
    scopes.map(({ scope, state, sli, projected, burnRates }) => {
      const burns = burnRates.map((reading) => `${reading.window} ${burn(reading.burnRate)}`)
      return [name, scope, state, window, percent(sli, 4), percent(projected?.remaining ?? null, 1), burns.join('  ')]
    }),
  )
  const problems = slos.flatMap(({ name, scopes }) =>
    scopes.flatMap(({ scope, problem }) => (problem === null ? [] : [[name, scope, problem]])),
  )
  const firing = alerts.map(({ slo, scope, severity, firedAt }) => [severity, slo, scope, time(firedAt)])
  return [
    slos.length === 0
      ? 'No SLO is declared.\n'
      : textTable(['slo', 'scope', 'state', 'window', 'sli', 'budget left', 'burn rates'], rows),
    ...(problems.length === 0 ? [] : [textTable(['unknown', 'scope', 'because'], problems)]),
    firing.length === 0 ? 'Nothing fires.\n' : textTable(['fires', 'slo', 'scope', 'since'], firing),
    ...ownStateText(own),
    ...sourcesText(sources),
    cardinalityText(cardinality),
  ].join('\n')
}

/** What is wrong with the engine itself; nothing where all is well. */
function ownStateText({ store, deadLetters = [] }: OwnState): readonly string[] {
  const dead = deadLetters.map(({ receiver, key, status, givenUpAt, reason }) => {
    return [status, key, receiver, givenUpAt === null ? '—' : time(givenUpAt), reason ?? '—']
  })
  const unwritable = `The store cannot be written: ${showableText(store?.reason ?? 'for an unknown reason')}; ${store?.held ?? 0} decisions are held in memory.\n`
  return [
    ...(store?.writable === false ? [unwritable] : []),
    ...(dead.length === 0 ? [] : [textTable(['given up', 'incident', 'receiver', 'at', 'because'], dead)]),
  ]
}

/** Which sources bring nothing that can be counted, or are in trouble; nothing where all is well. */
function sourcesText(sources: Sources['sources']): readonly string[] {
  const unwell = sources.filter(({ problem, watermark }) => problem !== null || watermark === null)
  if (unwell.length === 0) return []
  const rows = unwell.map(({ name, region, problem }) => [name, region ?? '—', problem ?? 'nothing has come so far'])
  return [textTable(['source', 'region', 'in trouble'], rows)]
}

/** How many series there are, and of what there are most. */
function cardinalityText({ series, targets, refused, ...most }: Cardinality['cardinality']): string {
  const [slos, metrics, sources] = [most.slos, most.metrics, most.sources].map((lines) => {
    return lines
      .slice(0, linesOfCardinality)
      .map((line) => `${showableText(line.name)} ${line.series}`)
      .join(', ')
  })
  const all = `${series} series of ${targets} targets${refused === 0 ? '' : `, ${refused} refused`}\n`
  return series === 0 ? all : `${all}  by SLO: ${slos}\n  by metric: ${metrics}\n  by source: ${sources}\n`
}

function burn(burnRate: number | null): string {
  return burnRate === null ? '—' : `${burnRate.toFixed(2)}×`
}

function time(unixSeconds: number): string {
  return new Date(unixSeconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z')
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `did not answer within ${patienceMs / 1_000} s`
  if (error instanceof SyntaxError) return 'did not answer with JSON, so it is not a sloburn engine'
  if (error instanceof TypeError) return 'cannot be reached: is the engine running, and does it listen there?'
  return error.message
}
