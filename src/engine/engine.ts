import { catchUpStepsPerTickMax } from '../core/model/limits.ts'
import { globalScope, type Slo } from '../core/model/slo.ts'
import { readSloId } from '../core/model/slo-id.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { Routing } from '../core/paging/plan.ts'
import { alignDown } from '../core/series/count-history.ts'
import type { AnswerSink } from '../ports/answer-sink.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import type { Store } from '../ports/store.ts'
import { AlertBook } from './alert-book.ts'
import { answerIntake } from './answer-intake.ts'
import { restoreCheckpoint, takeCheckpoint } from './checkpoint.ts'
import { orphans } from './close-orphans.ts'
import { Counting } from './counting.ts'
import { dueSteps, globalReadyAt, type ScopeProgress, type Step } from './due-steps.ts'
import { forgetGroups } from './forget-groups.ts'
import type { ScopeReading } from './read-scope.ts'
import { SampleIntake } from './sample-intake.ts'
import { type TickResult, tick } from './tick.ts'

export interface EngineSettings {
  /** Time between evaluations. */
  readonly stepMs: DurationMs
  /** How long a region's data may arrive after its newest sample; a step is due only then. */
  readonly delayMs: DurationMs
}

/** What the engine needs of the world. */
export interface EngineWorld {
  readonly store: Pick<Store, 'commit' | 'load' | 'checkpoints'>
  /** The clock; a replay's stands at infinity, since no sample of history is in the future. */
  readonly now: () => EpochMs
  readonly onReading?: (reading: ScopeReading) => void
}

/** The engine: samples go in at `sink` and answers to queries at `answers`, `tick` evaluates what has become due. It owns no timer and no thread. */
export class Engine {
  readonly counting: Counting
  readonly answers: AnswerSink
  readonly #settings: EngineSettings
  readonly #world: EngineWorld
  readonly #intake: SampleIntake
  readonly #progress = new Map<string, EpochMs>()
  #alerts = new AlertBook()
  #routing: Routing
  #startAfter: EpochMs | undefined
  /** Parts that a failed checkpoint should have removed. */
  #unremoved: readonly string[] = []

  constructor(settings: EngineSettings, slos: readonly Slo[], routing: Routing, world: EngineWorld) {
    this.#settings = settings
    this.#world = world
    this.#routing = routing
    this.counting = new Counting(settings.stepMs)
    this.counting.setSlos(slos)
    this.#intake = new SampleIntake(this.counting, world.now)
    this.answers = answerIntake(this.counting)
  }

  get sink(): SampleSink {
    return this.#intake
  }

  get alerts(): AlertBook {
    return this.#alerts
  }

  /** The last step evaluated in a scope; undefined before the first. */
  evaluatedAt(scope: string): EpochMs | undefined {
    return this.#progress.get(scope)
  }

  /** How many series are counted. */
  get seriesCount(): number {
    return this.#intake.known.length
  }

  /** Takes up where an earlier process stopped: windows, last counter values, open alerts, progress. */
  async restore(): Promise<void> {
    const { alerts, progress } = await this.#world.store.load()
    this.#alerts = new AlertBook(alerts)
    for (const [scope, at] of progress) this.#progress.set(scope, at)
    // A group that came up and alerted after the last checkpoint is known by its alert alone, which must not be an orphan.
    for (const { name, group } of alerts.map(({ id }) => readSloId(id.slo))) this.counting.findGroup(name, group)
    restoreCheckpoint(await this.#world.store.checkpoints.load(), this.counting, this.#intake)
  }

  /** Evaluates other rules, or tells other people, from now on. */
  reload(slos: readonly Slo[], routing: Routing): void {
    this.#routing = routing
    this.counting.setSlos(slos)
    this.#intake.rulesChanged()
  }

  /** Evaluation starts after this moment instead of with the first sample. */
  startAfter(at: EpochMs): void {
    this.#startAfter = at
  }

  /** Evaluates the steps that are due; undefined when there were none. More may be due after it. */
  async tick(): Promise<TickResult | undefined> {
    const steps = this.#dueSteps()
    if (steps.length === 0 && orphans(this.counting, this.#alerts).length === 0) return undefined
    const { store, onReading } = this.#world
    const observed = onReading === undefined ? {} : { onReading }
    const world = { counting: this.counting, alerts: this.#alerts, routing: this.#routing, store, ...observed }
    const result = await tick(world, steps, this.#world.now())
    for (const [scope, at] of result.progress) this.#progress.set(scope, at)
    return result
  }

  /** Whether a tick would evaluate anything. */
  get isDue(): boolean {
    return this.#dueSteps().length > 0
  }

  /** Stores windows and last counter values; groups that are long gone are forgotten first. */
  async checkpoint(): Promise<void> {
    forgetGroups(this.counting, this.#intake, this.#alerts)
    const { parts, removed } = takeCheckpoint(this.counting, this.#intake)
    const gone = [...this.#unremoved, ...removed].filter((name) => !parts.has(name))
    try {
      await this.#world.store.checkpoints.save(parts, gone)
      this.#unremoved = []
    } catch (error) {
      this.#unremoved = gone
      this.counting.markUnsaved()
      throw error
    }
  }

  #dueSteps(): readonly Step[] {
    const regions = new Map<string, ScopeProgress>()
    for (const [name, region] of this.counting.regions) {
      const readyUntil = region.readyUntil(this.#settings.delayMs)
      if (Number.isNaN(readyUntil)) continue
      const readyAt = alignDown(readyUntil, this.#settings.stepMs)
      regions.set(name, { evaluatedAt: this.#evaluatedAt(name, region.oldestAt), readyAt })
    }
    const { stepMs } = this.#settings
    return dueSteps(regions, this.#globalProgress(regions), stepMs, catchUpStepsPerTickMax)
  }

  #globalProgress(regions: ReadonlyMap<string, ScopeProgress>): ScopeProgress | undefined {
    const readyAt = globalReadyAt([...regions.values()].map((region) => region.readyAt))
    if (readyAt === undefined) return undefined
    const oldest = [...regions.values()].reduce((min, { evaluatedAt }) => Math.min(min, evaluatedAt), readyAt)
    return { evaluatedAt: this.#progress.get(globalScope) ?? oldest, readyAt }
  }

  #evaluatedAt(scope: string, oldestAt: EpochMs): EpochMs {
    const { stepMs } = this.#settings
    return alignDown(this.#progress.get(scope) ?? Math.max(this.#startAfter ?? 0, oldestAt - 1), stepMs)
  }
}
