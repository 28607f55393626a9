import { alertKey, type Episode } from '../../core/model/alert.ts'
import type { Exclusion } from '../../core/model/exclusion.ts'
import type { Incident, IncidentAlert } from '../../core/model/incident.ts'
import type { Slo } from '../../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../../core/model/units.ts'
import { type Route, routesFor } from '../../core/paging/route.ts'
import type { MissingBucket } from '../../engine/bucket-watch.ts'
import { readScope, scopesOf } from '../../engine/read-scope.ts'
import { type SampleSink, sampleBatch, unwantedSeries } from '../../ports/sample-sink.ts'
import type { RuleTest, TestSeries } from '../../rules/rule-test/rule-test.ts'
import { replay } from '../replay.ts'
import { type Observation, observe } from './observation.ts'

/** What came of a story. */
export interface Played {
  /** In the order in which they opened. */
  readonly episodes: readonly Episode[]
  /** The receivers that were told of an alert. */
  readonly receiversOf: (episode: Episode) => readonly string[]
  /** What was seen at a watched moment; undefined where the scope had no sample up to then. */
  readonly observation: (slo: string, scope: string, at: EpochMs) => Observation | undefined
  /** Last evaluation; undefined when no SLO wants any of the series. */
  readonly end: EpochMs | undefined
  /** Series that no SLO wants. */
  readonly unused: readonly TestSeries[]
  /** Buckets that SLOs ask for and that the story does not have. */
  readonly missingBuckets: readonly MissingBucket[]
}

/** What to take down while a story is played. */
export interface Watch {
  readonly times: ReadonlySet<EpochMs>
  /** Windows beside those of the alert rules. */
  readonly windows: readonly DurationMs[]
}

/** The rules that a story is played under. */
export interface StoryRules {
  readonly slos: readonly Slo[]
  /** In force as in production: what is muted is told to nobody, and what is excluded does not count. */
  readonly maintenances: readonly Exclusion[]
}

/** Plays a story through the engine that runs in production. */
export async function playRuleTest(test: RuleTest, { slos, maintenances }: StoryRules, watch: Watch): Promise<Played> {
  const notes = new Notebook(watch)
  const { log, engine, run, incidents } = replay(
    slos,
    test.stepMs,
    (reading) => {
      if (watch.times.has(reading.at))
        notes.evaluated(reading.compiled.id, reading.scope, observe(reading, watch.windows), reading.at)
    },
    test.routes,
  )
  engine.setExclusions(maintenances)
  const unused = test.series.filter((series) => !send(log, series, test))
  const firstSampleAt = earliestSample(test)
  const lookAt = (at: EpochMs) => {
    if (at < firstSampleAt) return
    for (const compiled of engine.counting.slos.values()) {
      for (const scope of scopesOf(engine.counting, compiled)) {
        const reading = readScope(engine.counting, compiled, scope, at)
        notes.lookedAt(compiled.id, scope, observe(reading, watch.windows), at)
      }
    }
  }
  const { episodes, end } = await run({ start: test.start, onProgress: (next) => notes.passed(next, lookAt) })
  if (end !== undefined) notes.passed(Number.POSITIVE_INFINITY, lookAt)
  return {
    episodes,
    receiversOf: (episode) => receiversOf(episode, incidents(), test.routes ?? []),
    observation: (slo, scope, at) => notes.of(slo, scope, at),
    end,
    unused,
    missingBuckets: engine.counting.buckets.held,
  }
}

/** Hands a series to the log; false when no SLO wants it. */
function send(sink: SampleSink, { labels, values }: TestSeries, { start, everyMs }: RuleTest): boolean {
  const ref = sink.resolve(labels, { source: 'test', region: undefined })
  if (ref === unwantedSeries) return false
  const batch = sampleBatch(values.length)
  for (const [index, value] of values.entries()) {
    if (value === 'none') continue
    const at = batch.length++
    batch.refs[at] = ref
    batch.timesMs[at] = start + index * everyMs
    batch.values[at] = value === 'stale' ? 0 : value
    batch.stale[at] = value === 'stale' ? 1 : 0
  }
  sink.append(batch)
  return true
}

function earliestSample({ start, everyMs, series }: RuleTest): EpochMs {
  const indices = series.map(({ values }) => values.findIndex((value) => typeof value === 'number'))
  return start + everyMs * Math.min(...indices.map((index) => (index < 0 ? Number.POSITIVE_INFINITY : index)))
}

/** Those that its routes and its SLO name for an alert, as far as its incident was told to them; none while it is hushed. */
function receiversOf({ id, firedAt }: Episode, incidents: readonly Incident[], routes: readonly Route[]): string[] {
  const key = alertKey(id)
  const ofAlert = ({ alerts }: Incident): IncidentAlert | undefined =>
    alerts.find((alert) => alertKey(alert.id) === key)
  const incident = incidents.findLast((each) => each.openedAt <= firedAt && ofAlert(each) !== undefined)
  const alert = incident === undefined ? undefined : ofAlert(incident)
  if (incident === undefined || alert === undefined || alert.hush !== null) return []
  // All alerts of an incident are routed by its severity and name.
  const labels = { ...alert.labels, severity: incident.severity, sev: incident.sev }
  const named = routesFor(labels, routes).flatMap(({ receivers }) => receivers)
  const told = new Set(incident.telling.told.map(({ receiver }) => receiver))
  return [...new Set([...alert.receivers, ...named])].filter((receiver) => told.has(receiver))
}

/**
 * Observations at the watched moments. Counts are those that the engine evaluated; but whether data was there is as of
 * the moment itself, because a region that comes back fills the time it was away, and nobody knew that then.
 */
class Notebook {
  readonly #observations = new Map<string, Observation>()
  /** Moments not looked at yet, the next one last. */
  readonly #ahead: EpochMs[]

  constructor({ times }: Watch) {
    this.#ahead = [...times].sort((a, b) => b - a)
  }

  evaluated(slo: string, scope: string, seen: Observation, at: EpochMs): void {
    const state = this.of(slo, scope, at)?.state
    this.#observations.set(keyOf(slo, scope, at), state === undefined ? seen : { ...seen, state })
  }

  lookedAt(slo: string, scope: string, seen: Observation, at: EpochMs): void {
    const evaluated = this.of(slo, scope, at)
    this.#observations.set(keyOf(slo, scope, at), evaluated === undefined ? seen : { ...evaluated, state: seen.state })
  }

  /** All samples before `next` are booked: looks at the moments that have gone by. */
  passed(next: EpochMs, lookAt: (at: EpochMs) => void): void {
    for (let at = this.#ahead.at(-1); at !== undefined && at < next; at = this.#ahead.at(-1)) {
      this.#ahead.pop()
      lookAt(at)
    }
  }

  of(slo: string, scope: string, at: EpochMs): Observation | undefined {
    return this.#observations.get(keyOf(slo, scope, at))
  }
}

function keyOf(slo: string, scope: string, at: EpochMs): string {
  return `${slo}/${scope}/${at}`
}
