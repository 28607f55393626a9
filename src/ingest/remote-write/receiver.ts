import {
  decodeBufferKeptBytesMax,
  decompressedBodyBytesMax,
  regionsPerSourceMax,
  requestBodyBytesMax,
} from '../../core/model/limits.ts'
import { globalScope } from '../../core/model/slo.ts'
import { type EpochMs, minuteMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HttpAnswer, HttpHead, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import { headerText } from '../http-header.ts'
import { challenge, openToAll, pushGuard } from '../push-auth.ts'
import { seriesAllowance } from '../series-allowance.ts'
import { ScratchBuffer } from '../wire/scratch-buffer.ts'
import { textAnswer, writeAnswer } from './answer.ts'
import type { RemoteWriteConfig } from './config.ts'
import { Inlet } from './inlet.ts'
import { negotiate } from './negotiate.ts'

/** A refused request is remembered for so long, so that a sender with one bad series does not fill the log. */
const problemHeldMs = minuteMs

/** Who may write, and where it goes. */
export interface RemoteWriteOptions {
  readonly sources: readonly RemoteWriteSource[]
  readonly sink: SampleSink
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
  /** Reads by TypeScript alone, as on machines that cannot run the WebAssembly module. */
  readonly plain?: boolean
}

/** Who writes. */
export interface RemoteWriteSource {
  readonly name: string
  /** The region of samples that carry none. */
  readonly region: string | undefined
  readonly settings?: RemoteWriteConfig
  /** Where its samples go, when not where all others go. */
  readonly sink?: SampleSink
}

/** The route, and how its sources fare. */
export interface RemoteWriteRoute extends HttpRoute {
  /** What was wrong with a request of a source within the last minute or so; undefined when all were fine. */
  problem(source: string): string | undefined
}

/**
 * POST /api/v1/write, remote write 1.0 and 2.0. Answers 204; 400 for what no repetition can repair; 401, 413 and 415 before
 * anything is decoded; 404 when several sources write and the request names none of them.
 */
export function remoteWriteRoute(options: RemoteWriteOptions): RemoteWriteRoute {
  const scratch = new ScratchBuffer(decodeBufferKeptBytesMax)
  const senders = new Map(options.sources.map((source) => [source.name, sender(source, scratch, options)]))
  return {
    method: 'POST',
    path: '/api/v1/write',
    bodyBytesMax: requestBodyBytesMax,
    readsBodyAtOnce: true,
    refusal(head) {
      const found = senderOf(head, senders)
      if (!isSender(found)) return noted(undefined, found, options)
      const version = negotiate(head)
      return typeof version === 'number' ? undefined : noted(found, version, options)
    },
    handle(request) {
      const found = senderOf(request, senders)
      return isSender(found)
        ? noted(found, receive(request, found, options), options)
        : noted(undefined, found, options)
    },
    problem: (source) => senders.get(source)?.problem,
  }
}

/** Counts an answer, and remembers it as the state of its source. */
function noted(found: Sender | undefined, answer: HttpAnswer, options: RemoteWriteOptions): HttpAnswer {
  options.meter.count('sloburn_ingest_requests_total', { source: found?.name ?? '', status: String(answer.status) })
  if (found !== undefined) noteState(found, answer, options)
  return answer
}

/** One source's own state. */
interface Sender {
  readonly name: string
  readonly region: string | undefined
  readonly settings: RemoteWriteConfig
  readonly isLetIn: ReturnType<typeof pushGuard>
  /** By region: the same bytes mean another series where the request names another region. */
  readonly inlets: Map<string | undefined, Inlet>
  readonly inlet: (region: string | undefined) => Inlet
  problem: string | undefined
  problemAt: EpochMs
}

function sender(source: RemoteWriteSource, scratch: ScratchBuffer, options: RemoteWriteOptions): Sender {
  const { name, region, settings = openSettings, sink = options.sink } = source
  const { meter, plain = false } = options
  const { regionLabel } = settings
  const allowance = seriesAllowance()
  const shared = {
    source: name,
    regionLabel,
    sink,
    meter,
    allowance,
    scratch,
    bytesMax: decompressedBodyBytesMax,
    plain,
  }
  return {
    name,
    region,
    settings,
    isLetIn: pushGuard(settings.auth),
    inlets: new Map(),
    inlet: (ofRegion) => new Inlet({ ...shared, region: ofRegion }),
    problem: undefined,
    problemAt: 0,
  }
}

const openSettings: RemoteWriteConfig = { auth: openToAll, regionLabel: undefined, regionHeader: undefined }

/**
 * A lone source need not be named. Of several the request names one, or shows what only one asks for; none is taken for
 * another, which would count in the wrong region.
 */
function senderOf({ query, headers }: HttpHead, senders: ReadonlyMap<string, Sender>): Sender | HttpAnswer {
  const named = query.get('source')
  const asked = named === null ? [...senders.values()] : [senders.get(named)].filter((each) => each !== undefined)
  const letIn = asked.filter(({ isLetIn }) => isLetIn(headers.authorization))
  if (letIn.length === 1) return letIn[0]
  if (letIn.length > 1) {
    // Credentials that fit one source only say more than those that no source asks for.
    const shown = letIn.filter(({ settings }) => settings.auth.kind !== 'open')
    if (shown.length === 1) return shown[0]
  } else if (asked.length > 0) {
    const text = headers.authorization === undefined ? 'credentials are missing' : 'the credentials do not fit'
    return textAnswer(401, text, { 'www-authenticate': challenge(asked[0].settings.auth) })
  }
  const names = [...senders.keys()].map((name) => `/api/v1/write?source=${encodeURIComponent(name)}`)
  if (names.length === 0)
    return textAnswer(404, 'no source takes remote write: the engine config has none with remoteWrite: {}')
  return textAnswer(404, `no such remote-write source; there is ${names.join(', ')}`)
}

function isSender(found: Sender | HttpAnswer): found is Sender {
  return 'inlets' in found
}

function receive(request: HttpRequest, target: Sender, { clock, meter }: RemoteWriteOptions): HttpAnswer {
  const { body } = request
  if (body.length > requestBodyBytesMax) return tooLarge('requestBodyBytesMax', body.length, meter)
  const version = negotiate(request)
  if (typeof version !== 'number') return version
  const inlet = inletOf(request, target, meter)
  if (!(inlet instanceof Inlet)) return inlet
  const taken = inlet.take(body, version, clock.now())
  if (taken.kind === 'too-large') return tooLarge('decompressedBodyBytesMax', taken.length, meter)
  return writeAnswer(taken.summary, version, taken.fault)
}

/** The inlet of the region that the request names, or of the source's own. */
function inletOf({ headers }: HttpRequest, target: Sender, meter: Meter): Inlet | HttpAnswer {
  const { regionHeader } = target.settings
  const named = regionHeader === undefined ? '' : headerText(headers[regionHeader]).trim()
  if (named === globalScope)
    return textAnswer(400, `a region cannot be called ${globalScope}: that is all regions together`)
  const region = named === '' ? target.region : named
  const known = target.inlets.get(region)
  if (known !== undefined) return known
  if (target.inlets.size >= regionsPerSourceMax) {
    meter.count('sloburn_limit_hits_total', { limit: 'regionsPerSourceMax' })
    return textAnswer(400, `more than ${regionsPerSourceMax} regions of one source (regionsPerSourceMax)`)
  }
  const made = target.inlet(region)
  target.inlets.set(region, made)
  return made
}

function tooLarge(limit: 'requestBodyBytesMax' | 'decompressedBodyBytesMax', length: number, meter: Meter): HttpAnswer {
  meter.count('sloburn_limit_hits_total', { limit })
  return textAnswer(413, `${length} bytes are too many (${limit}): send smaller batches`)
}

/** Says once that a source's requests are refused, and once that none was for a while: good and bad ones alternate. */
function noteState(target: Sender, answer: HttpAnswer, { clock, log }: RemoteWriteOptions): void {
  const { name: source } = target
  if (answer.status >= 300) {
    const problem = String(answer.body ?? answer.status).trim()
    if (target.problem === undefined) log.warn({ source, status: answer.status, problem }, 'remote write refused')
    target.problem = problem
    target.problemAt = clock.now()
  } else if (target.problem !== undefined && clock.now() - target.problemAt >= problemHeldMs) {
    log.info({ source }, 'remote write is fine again')
    target.problem = undefined
  }
}
