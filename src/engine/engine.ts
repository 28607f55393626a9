import type { Exclusion } from '../core/model/exclusion.ts'
import type { Acknowledgement } from '../core/model/incident.ts'
import type { ExemplarReading } from '../core/model/notification.ts'
import type { Slo } from '../core/model/slo.ts'
import { readSloId } from '../core/model/slo-id.ts'
import type { EpochMs, Ratio } from '../core/model/units.ts'
import type { Routing } from '../core/paging/routing.ts'
import type { AnswerSink } from '../ports/answer-sink.ts'
import type { HistorySink } from '../ports/history-sink.ts'
import type { IncrementLog } from '../ports/increment-log.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import type { CardinalityReport } from '../ports/status-view.ts'
import type { Store } from '../ports/store.ts'
import { AlertStates } from './alert-states.ts'
import { answerIntake } from './answer-intake.ts'
import { AssumedRegions } from './assumed-regions.ts'
import { cardinality } from './cardinality.ts'
import { Checkpoint, restoreCheckpoint } from './checkpoint.ts'
import { isOfRows } from './checkpoint-rows.ts'
import { orphans } from './close-orphans.ts'
import { Counting } from './counting.ts'
import { DataWatch } from './data-watch.ts'
import type { Step } from './due-steps.ts'
import { ErrorSurvey } from './error-survey.ts'
import { EvidenceCheckpoint, restoreEvidence } from './evidence-checkpoint.ts'
import { EvidenceGates } from './evidence-gates.ts'
import { forgetGroups } from './forget-groups.ts'
import { SeriesForgetting } from './forget-series.ts'
import { HistoryIntake } from './history-intake.ts'
import { IncidentDesk } from './incident-desk.ts'
import { isKnownAt } from './known-alert.ts'
import { Progress, type StepSettings } from './progress.ts'
import type { ScopeReading } from './read-scope.ts'
import { restoreDays } from './restore-days.ts'
import { SampleIntake } from './sample-intake.ts'
import type { Notices } from './silences-and-annotations.ts'
import { StagedParts } from './staged-parts.ts'
import { Sweep } from './sweep.ts'
import { type TickResult, tick } from './tick.ts'
import { DayRounds } from './update-days.ts'

const nothingDecided = {
  progress: new Map(),
  alerts: [],
  episodes: [],
  deliveries: [],
  superseded: [],
  released: [],
  incidentEvents: [],
  burnRates: [],
  silences: [],
  annotations: [],
} as const

/** What the engine needs of the world. */
export interface EngineWorld {
  readonly store: Pick<Store, 'commit' | 'load' | 'checkpoints'> & Partial<Pick<Store, 'dailyCounts' | 'outbox'>>
  /** The clock; a replay's stands at infinity, since no sample of history is in the future. */
  readonly now: () => EpochMs
  /** The time by which samples are stamped, where that is not the clock: it never goes back. */
  readonly sampleNow?: () => EpochMs
  readonly onReading?: (reading: ScopeReading) => void
  /** Keeps increments from one checkpoint to the next; without it a crash loses those after the last. */
  readonly increments?: IncrementLog
  /** Lets others have their turn; work that takes long does so now and then. */
  readonly pause?: () => Promise<void>
}

async function noPause(): Promise<void> {}

/** The engine: samples go in at `sink` and answers to queries at `answers`, `tick` evaluates what has become due. It owns no timer and no thread. */
export class Engine {
  /** How many increments an earlier process had taken after its last checkpoint, which `restore` has booked. */
  incrementsReplayed = 0
  readonly counting: Counting
  readonly answers: AnswerSink
  /** Incidents, and what keeps them quiet. */
  readonly desk: IncidentDesk
  readonly gates: EvidenceGates
  /** Which label values failures carry. */
  readonly errors: ErrorSurvey
  readonly #evidence: EvidenceCheckpoint
  readonly #sweep: Sweep
  readonly #world: EngineWorld
  readonly #sampleNow: () => EpochMs
  readonly #intake: SampleIntake
  readonly #checkpoint: Checkpoint
  readonly #pause: () => Promise<void>
  readonly #parts: StagedParts
  #storing: Promise<void> = Promise.resolve()
  readonly #forgetting: SeriesForgetting
  readonly #looks = { watch: new DataWatch(), assumed: new AssumedRegions(), rounds: new DayRounds() }
  readonly #history: HistoryIntake
  readonly #progress: Progress
  #alerts = new AlertStates()
  #routing: Routing
  /** Parts that a failed checkpoint should have removed. */
  #unremoved: readonly string[] = []

  constructor(settings: StepSettings, slos: readonly Slo[], routing: Routing, world: EngineWorld) {
    this.#world = world
    this.#sampleNow = world.sampleNow ?? world.now
    this.#routing = routing
    this.counting = new Counting(settings.stepMs)
    this.counting.setSlos(slos)
    this.#progress = new Progress(this.counting, settings)
    this.desk = new IncidentDesk({
      counting: this.counting,
      stepMs: settings.stepMs,
      routing: () => this.#routing,
      exemplarsOf: (slo, scope) => this.exemplars(slo, scope),
      isKnown: (id) => isKnownAt(this.counting, id, this.#sampleNow()),
    })
    this.#intake = new SampleIntake(this.counting, this.#sampleNow, world.increments)
    this.errors = new ErrorSurvey(this.counting, this.#intake.held)
    this.#checkpoint = new Checkpoint(this.counting, this.#intake)
    this.#pause = world.pause ?? noPause
    this.#parts = new StagedParts(world.store.checkpoints, this.#pause)
    this.#forgetting = new SeriesForgetting(this.counting, this.#intake)
    this.#history = new HistoryIntake(this.counting, this.#intake, world.now)
    this.answers = answerIntake(this.counting)
    this.gates = new EvidenceGates(settings.stepMs, (slo) => this.counting.slos.get(slo)?.slo.indicator)
    this.#evidence = new EvidenceCheckpoint(this.gates)
    this.#sweep = new Sweep(this.counting, this.gates)
  }

  get sink(): SampleSink {
    return this.#intake
  }

  /** Where history goes in that is read after the fact. */
  get history(): HistorySink {
    return this.#history
  }

  get alerts(): AlertStates {
    return this.#alerts
  }

  /** The last step evaluated in a scope; undefined before the first. */
  evaluatedAt(scope: string): EpochMs | undefined {
    return this.#progress.of(scope)
  }

  /** The newest events that failed an SLO in a scope, newest first, where their senders gave examples. */
  exemplars(slo: string, scope: string): readonly ExemplarReading[] {
    return this.#intake.exemplars.of(slo, scope)
  }

  /** The share of an SLO's events in a scope that lie in a bucket which its bound cuts; null where none does. */
  latencyUncertainty(slo: string, scope: string): Ratio | null {
    const { uncertain, total } = this.#intake.uncertainIn(slo, scope)
    return uncertain > 0 ? Math.min(1, uncertain / total) : null
  }

  /** Up to when samples of any region were counted; −∞ before the first. */
  get countedUntil(): EpochMs {
    const watermarks = [...this.counting.regions.values()].map(({ watermark }) => watermark)
    return watermarks.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY)
  }

  /** Takes failures apart a little further; to be called between ticks, once a step. */
  survey(): void {
    this.errors.run(this.#alerts, this.#sampleNow())
  }

  /** How many series are counted, and what for. */
  get cardinality(): CardinalityReport {
    return cardinality(this.counting)
  }

  /** How many series are counted. */
  get seriesCount(): number {
    return this.#intake.held.count
  }

  /** Takes up where an earlier process stopped: windows, last counter values, open alerts, progress. */
  async restore(): Promise<void> {
    // Counts are read on a thread of their own, which takes longest.
    const loading = this.#parts.load(isOfRows)
    loading.catch(() => {})
    const { alerts, progress, adopted, ...notices } = await this.#world.store.load()
    this.desk.restore(notices)
    this.#alerts = new AlertStates(alerts)
    // A group that came up and alerted after the last checkpoint is known by its alert alone, which must not be an orphan.
    for (const { name, group } of alerts.map(({ id }) => readSloId(id.slo))) this.counting.findGroup(name, group)
    await restoreDays(this.counting, this.#world.store.dailyCounts, progress)
    const { parts, later } = await loading
    const restoreRows = restoreCheckpoint(parts, this.counting, this.#intake)
    restoreEvidence(parts, alerts, progress, this.counting, this.gates)
    restoreRows(await later)
    this.#progress.restore(progress)
    this.#looks.assumed.restore(this.counting, progress)
    // What an earlier version told alert by alert is stored in the form of today before anything can change it.
    if (adopted.length > 0)
      await this.#world.store.commit({ ...nothingDecided, incidents: adopted, at: this.#world.now() })
    this.#history.restoreParts(parts)
    this.incrementsReplayed = this.#intake.replayIncrements()
  }

  /** Evaluates other rules, or tells other people, from now on. */
  reload(slos: readonly Slo[], routing: Routing): void {
    this.#routing = routing
    this.counting.setSlos(slos)
    this.gates.rulesChanged(this.counting.slos)
    this.#intake.rulesChanged()
    this.#history.rulesChanged()
  }

  /** Leaves these periods out of budgets, or keeps them from being told, from now on; past budgets change with it. */
  setExclusions(exclusions: readonly Exclusion[]): void {
    this.counting.exclusions.set(exclusions)
  }

  /** Evaluation starts after this moment instead of with the first sample. */
  startAfter(at: EpochMs): void {
    this.#progress.startAfter(at)
  }

  /** Evaluates the steps that are due; undefined when there were none. More may be due after it. */
  async tick(): Promise<TickResult | undefined> {
    const { watch } = this.#looks
    const now = this.#sampleNow()
    const steps = watch.schedule(this.counting, this.#progress.due(now), this.#progress.dataDueAt(now))
    const isIdle =
      steps.length === 0 && orphans(this.counting, this.#alerts, (scope) => this.evaluatedAt(scope)).length === 0
    if (isIdle && !this.desk.isDue(this.#world.now())) return undefined
    return await this.#decide(steps)
  }

  /** Puts up silences and annotations, and decides at once what follows from them. */
  async post(notices: Notices): Promise<TickResult> {
    this.desk.post(notices)
    return await this.#decide([])
  }

  /** Notes that somebody looks after an incident; undefined where there is none of that id that is not over. */
  async acknowledge(incidentId: string, acknowledgement: Acknowledgement): Promise<TickResult | undefined> {
    return this.desk.acknowledge(incidentId, acknowledgement) ? await this.#decide([]) : undefined
  }

  async #decide(steps: readonly Step[]): Promise<TickResult> {
    const { store, onReading } = this.#world
    const observed = onReading === undefined ? {} : { onReading }
    // While no process ran nobody looked: a region that comes back a moment later than another was not dark.
    const downtime = this.#progress.takeDowntime(steps)
    if (downtime !== undefined) this.gates.notWatched(downtime.from, downtime.until)
    const { counting, gates, desk } = this
    const own = {
      counting,
      alerts: this.#alerts,
      gates,
      sweep: this.#sweep,
      desk,
      evaluatedAt: (scope: string) => this.evaluatedAt(scope),
    }
    const result = await tick({ ...own, ...this.#looks, store, ...observed }, steps, this.#world.now())
    this.#progress.note(result.progress)
    return result
  }

  /** Whether a tick would evaluate anything. */
  get isDue(): boolean {
    return this.#progress.due(this.#sampleNow()).length > 0
  }

  /**
   * Stores windows and last counter values as of now, little by little: samples and ticks may come meanwhile. Groups and
   * series that are long gone are forgotten first.
   */
  async checkpoint(): Promise<void> {
    const before = this.#storing
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#storing = promise
    try {
      await before
      await this.#storeAll()
    } finally {
      resolve()
    }
  }

  async #storeAll(): Promise<void> {
    forgetGroups(this.counting, this.#intake, this.#alerts)
    await this.#pause()
    await this.#forgetting.run(this.#pause)
    await this.#pause()
    this.#intake.exemplars.keepOnly(this.counting.slos)
    this.gates.keepOnly(this.counting.slos)
    await this.#pause()
    await this.#evidence.prepare(this.#pause)
    await this.#checkpoint.prepare(this.#pause)
    const logged = this.#intake.journal?.turn()
    const live = this.#checkpoint.take()
    const past = this.#history.takeParts()
    const evidence = this.#evidence.take()
    const parts = new Map([...live.parts, ...past.parts, ...evidence.parts])
    const later = new Map([...live.later, ...evidence.later])
    const isLeft = (name: string) => !parts.has(name) && !later.has(name)
    const gone = [...this.#unremoved, ...live.removed, ...past.removed, ...evidence.removed].filter(isLeft)
    try {
      await this.#parts.save({ parts, later, removed: gone })
      this.#unremoved = []
      if (logged !== undefined) this.#intake.journal?.drop(logged)
      this.#intake.held.numbersFree()
    } catch (error) {
      this.#unremoved = gone
      this.#checkpoint.markUnsaved()
      this.#evidence.markUnsaved()
      this.#history.markUnsaved()
      throw error
    }
  }
}
