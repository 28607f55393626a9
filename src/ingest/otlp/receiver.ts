import { minuteMs } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import { type PushAuth, pushGuard } from '../push-auth.ts'
import { seriesAllowance } from '../series-allowance.ts'
import { protobufOfJson } from '../wire/otlp-json.ts'
import { MetricsReader } from '../wire/otlp-metrics.ts'
import type { OtlpConfig } from './config.ts'
import { type ExportOutcome, refused, taken } from './outcome.ts'
import { PointWriter } from './point-writer.ts'

/** A refused request is remembered for so long, so that a sender with one bad series does not fill the log. */
const problemHeldMs = minuteMs

/** Who may send, and where it goes. */
export interface OtlpOptions {
  readonly sources: readonly OtlpSource[]
  readonly sink: SampleSink
  readonly clock: Clock
  readonly meter: Meter
  readonly log: Log
}

/** Who sends. */
export interface OtlpSource {
  readonly name: string
  /** The region of points whose resource names none. */
  readonly region: string | undefined
  readonly settings: OtlpConfig
  /** Where its samples go, when not where all others go. */
  readonly sink?: SampleSink
}

/** What a sender says of itself, over HTTP and gRPC alike. */
export interface Sender {
  /** The source it names; undefined when it names none. */
  readonly source: string | undefined
  readonly authorization: string | readonly string[] | undefined
}

/** Where exports go, whichever way they come. */
export interface OtlpReceiver {
  /** The source that a sender may write to, or why it may not; asked before its body is looked at. */
  admit(sender: Sender): OtlpInlet | ExportOutcome
  /** How a source asks its senders to show who they are. */
  authOf(source: string | undefined): PushAuth
  /** What was wrong with an export of a source within the last minute or so; undefined when all were fine. */
  problem(source: string): string | undefined
  /** Counts a request, as the HTTP status it was or would have been answered with. */
  noteRequest(source: string, status: number, outcome: ExportOutcome): void
}

/** One source, ready to take exports. */
export interface OtlpInlet {
  readonly source: string
  /** Takes an uncompressed ExportMetricsServiceRequest. */
  takeProtobuf(body: Uint8Array): ExportOutcome
  /** Takes one in JSON. */
  takeJson(text: string): ExportOutcome
}

/** Sources of today with what is remembered of their series. */
export function otlpReceiver(options: OtlpOptions): OtlpReceiver {
  const { sources, meter, clock, log } = options
  const inlets = new Map(sources.map((source) => [source.name, inlet(source, options)]))
  const guards = new Map(sources.map(({ name, settings }) => [name, pushGuard(settings.auth)]))
  const states = new Map(sources.map(({ name }) => [name, { problem: '', problemAt: 0 }]))
  const nameOf = (named: string | undefined) => named ?? (sources.length === 1 ? sources[0].name : undefined)
  /** The only source whose credentials a sender shows need not be named. */
  const onlyGuardedBy = (authorization: Sender['authorization']): string | undefined => {
    const open = sources.filter(({ name, settings }) => {
      return settings.auth.kind !== 'open' && guards.get(name)?.(authorization) === true
    })
    return open.length === 1 ? open[0].name : undefined
  }
  return {
    admit({ source: named, authorization }) {
      const name = nameOf(named) ?? (named === undefined ? onlyGuardedBy(authorization) : undefined)
      const found = name === undefined ? undefined : inlets.get(name)
      if (found === undefined) return refused('unknown-source', unknownSource(sources))
      if (guards.get(found.source)?.(authorization) === true) return found
      return refused('unauthenticated', 'not a sender that this source lets in: see its bearerToken or basicAuth')
    },
    authOf: (named) => {
      const name = nameOf(named)
      return sources.find((source) => source.name === name)?.settings.auth ?? { kind: 'open' }
    },
    problem: (source) => states.get(source)?.problem || undefined,
    noteRequest(source, status, outcome) {
      meter.count('sloburn_ingest_requests_total', { source, status: String(status) })
      const state = states.get(source)
      if (state === undefined) return
      const problem = outcome.kind === 'refused' ? outcome.message : (outcome.partial?.errorMessage ?? '')
      if (problem !== '') {
        if (state.problem === '') log.warn({ source, status, problem }, 'OTLP export not taken as a whole')
        state.problem = problem
        state.problemAt = clock.now()
      } else if (state.problem !== '' && clock.now() - state.problemAt >= problemHeldMs) {
        log.info({ source }, 'OTLP is fine again')
        state.problem = ''
      }
    },
  }
}

function inlet({ name, region, settings, sink }: OtlpSource, options: OtlpOptions): OtlpInlet {
  // Collectors split what they were sent over several requests.
  const origin = { source: name, region, splitDelivery: true }
  const writer = new PointWriter({
    origin,
    sink: sink ?? options.sink,
    meter: options.meter,
    allowance: seriesAllowance(),
    labels: settings,
  })
  const reader = new MetricsReader(writer)
  const takeProtobuf = (body: Uint8Array): ExportOutcome => {
    writer.begin(options.clock.now())
    const fault = reader.read(body)
    if (fault !== undefined) writer.problem(fault)
    const summary = writer.end()
    if (fault === undefined) return taken(summary)
    const read = summary.received
    return refused('malformed', `not an ExportMetricsServiceRequest: ${fault}; ${read} data points before it were read`)
  }
  return {
    source: name,
    takeProtobuf,
    takeJson: (text) => {
      const converted = protobufOfJson(text)
      if ('bytes' in converted) return takeProtobuf(converted.bytes)
      return refused('malformed', `not an ExportMetricsServiceRequest: ${converted.fault}`)
    },
  }
}

/** Of several sources none is taken for another, which would count in the wrong region. */
function unknownSource(sources: readonly OtlpSource[]): string {
  if (sources.length === 0) return 'no OTLP source is configured here'
  return `no such OTLP source: send the header x-sloburn-source with one of ${sources.map(({ name }) => name).join(', ')}`
}
