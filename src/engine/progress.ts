import { catchUpStepsPerTickMax, heardWithinMs, staleAfterMaxMs, staleAfterMinMs } from '../core/model/limits.ts'
import { globalScope } from '../core/model/slo.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import { alignDown } from '../core/time/alignment.ts'
import type { Counting } from './counting.ts'
import { dueSteps, globalReadyAt, type ScopeProgress, type Step } from './due-steps.ts'

/** How event time is cut into steps. */
export interface StepSettings {
  /** Time between evaluations. */
  readonly stepMs: DurationMs
  /** How long a region's data may arrive after its newest sample; a step is due only then. */
  readonly delayMs: DurationMs
}

/** How far each scope is evaluated, and what has become due since. */
export class Progress {
  readonly #counting: Counting
  readonly #settings: StepSettings
  readonly #evaluatedAt = new Map<string, EpochMs>()
  /** The regions that are waited for although others are far ahead, with how far each was when that began. */
  readonly #awaited = new Map<string, EpochMs>()
  #awaitedUntil: EpochMs = Number.NEGATIVE_INFINITY
  #listenedAt: EpochMs = Number.NEGATIVE_INFINITY
  #startAfter: EpochMs | undefined
  /** Up to when the process before this one had evaluated; undefined once that has been taken into account. */
  #restoredAt: EpochMs | undefined

  constructor(counting: Counting, settings: StepSettings) {
    this.#counting = counting
    this.#settings = settings
  }

  /** The last step evaluated in a scope; undefined before the first. */
  of(scope: string): EpochMs | undefined {
    return this.#evaluatedAt.get(scope)
  }

  /** These scopes are evaluated up to these steps. */
  note(progress: ReadonlyMap<string, EpochMs>): void {
    for (const [scope, at] of progress) this.#evaluatedAt.set(scope, at)
  }

  /** Takes up where an earlier process stopped, once its counts are back: of what came after those nothing is known yet, whoever looked. */
  restore(progress: ReadonlyMap<string, EpochMs>): void {
    this.note(progress)
    const counted = [...this.#counting.regions.values()].map(({ watermark }) => watermark)
    this.#restoredAt = Math.min(
      Math.max(...progress.values()),
      Math.max(...counted.filter((watermark) => !Number.isNaN(watermark))),
    )
  }

  /** Evaluation starts after this moment instead of with the first sample. */
  startAfter(at: EpochMs): void {
    this.#startAfter = at
  }

  /** The steps that are due, by the time of samples; a replay's says nothing. */
  due(now: EpochMs): readonly Step[] {
    const { stepMs, delayMs } = this.#settings
    this.#listen(now)
    const regions = new Map<string, ScopeProgress>()
    for (const [name, region] of this.#counting.regions) {
      const readyUntil = region.readyUntil(delayMs)
      if (Number.isNaN(readyUntil)) continue
      regions.set(name, {
        evaluatedAt: this.#evaluatedUntil(name, region.oldestAt),
        readyAt: alignDown(readyUntil, stepMs),
      })
    }
    return dueSteps(regions, this.#global(regions), stepMs, catchUpStepsPerTickMax)
  }

  /** Up to when data should have come by the clock; a replay's says nothing. */
  dataDueAt(now: EpochMs): EpochMs {
    const { stepMs, delayMs } = this.#settings
    return Number.isFinite(now) ? alignDown(now - delayMs, stepMs) : Number.NEGATIVE_INFINITY
  }

  /** The time up to these steps in which no process ran; undefined where that was too short to matter, or is known already. */
  takeDowntime(steps: readonly Step[]): { readonly from: EpochMs; readonly until: EpochMs } | undefined {
    const from = this.#restoredAt
    const until = steps.at(-1)?.at
    if (from === undefined || until === undefined) return undefined
    this.#restoredAt = undefined
    return until - from > staleAfterMinMs ? { from, until } : undefined
  }

  /** After a while in which no process ran, regions are heard one after the other: none of them has fallen behind yet. */
  #listen(now: EpochMs): void {
    if (Number.isFinite(now) && now - this.#listenedAt > staleAfterMaxMs) {
      const evaluated = [...this.#counting.regions.keys()].map((region) => this.of(region) ?? Number.NEGATIVE_INFINITY)
      const newest = evaluated.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      for (const [name, { watermark }] of this.#counting.regions) {
        if ((this.of(name) ?? Number.NEGATIVE_INFINITY) >= newest - staleAfterMaxMs) this.#awaited.set(name, watermark)
      }
      this.#awaitedUntil = now + heardWithinMs
    }
    this.#listenedAt = now
    if (this.#awaited.size === 0) return
    for (const [name, watermark] of this.#awaited) {
      if (now >= this.#awaitedUntil || this.#counting.region(name).watermark > watermark) this.#awaited.delete(name)
    }
  }

  #global(regions: ReadonlyMap<string, ScopeProgress>): ScopeProgress | undefined {
    const readyAts = [...regions.values()].map((region) => region.readyAt)
    const awaited = [...this.#awaited.keys()].map((name) => regions.get(name)?.readyAt ?? Number.POSITIVE_INFINITY)
    const readyAt = awaited.reduce((a, b) => Math.min(a, b), globalReadyAt(readyAts) ?? Number.NaN)
    if (Number.isNaN(readyAt)) return undefined
    const oldest = [...regions.values()].reduce((min, { evaluatedAt }) => Math.min(min, evaluatedAt), readyAt)
    return { evaluatedAt: this.of(globalScope) ?? oldest, readyAt }
  }

  #evaluatedUntil(region: string, oldestAt: EpochMs): EpochMs {
    return alignDown(this.of(region) ?? Math.max(this.#startAfter ?? 0, oldestAt - 1), this.#settings.stepMs)
  }
}
