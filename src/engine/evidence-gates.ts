import { Dispersion } from '../core/evidence/dispersion.ts'
import { DispersionTable } from '../core/evidence/dispersion-table.ts'
import { EvidenceTable, never } from '../core/evidence/evidence-table.ts'
import type { DispersionSettings } from '../core/model/evidence-settings.ts'
import type { Indicator } from '../core/model/indicator.ts'
import { evidenceCatchUpStepsMax } from '../core/model/limits.ts'
import type { DurationMs, EpochMs } from '../core/model/units.ts'
import type { CompiledEvidence } from './compiled-evidence.ts'
import type { CompiledSlo } from './compiled-slo.ts'
import { type EndingBlocks, endBlocks } from './end-blocks.ts'
import type { ScopeReading } from './read-scope.ts'
import { RowChains } from './row-chains.ts'
import { signalsKey } from './signals-key.ts'
import type { SloEvidence, Weighed } from './slo-evidence.ts'
import { trialOf } from './trial.ts'
import { isBlockOver, weighStep } from './weigh-step.ts'

/**
 * The evidence for every SLO and scope whose policy asks for it. It is weighed once per scope and step, whatever becomes of the
 * tick: `commit` keeps what a tick did, `rollBack` undoes it.
 */
export class EvidenceGates {
  readonly table = new EvidenceTable()
  /** How failures clump, by the numbers of SLOs. */
  readonly dispersions = new DispersionTable()
  readonly #chains = new RowChains()
  readonly #stepMs: DurationMs
  readonly #memberOf: (slo: string) => Indicator | undefined
  readonly #slos = new Map<string, SloEvidence>()
  #namesVersion = 0
  /** Up to when each scope was weighed, and up to when that is stored. */
  #weighedAt = new Map<string, EpochMs>()
  #committedAt: ReadonlyMap<string, EpochMs> = new Map()
  /** The scope and the step under way, and up to when it was weighed before. */
  #scope = ''
  #at: EpochMs = Number.NaN
  #before: EpochMs = never
  #unwatched = { from: 0, to: 0 }
  #rolledBack = 0
  /** Whose block is being closed, and as of when. */
  #closing = ''
  #closingAt: EpochMs = never
  readonly #single: EndingBlocks = { count: 1, numbers: new Int32Array(1) }
  readonly #closedUntil = (scope: string) =>
    scope === this.#closing ? this.#closingAt : (this.#weighedAt.get(scope) ?? never)

  /** `memberOf` answers the indicator of an SLO by its name. */
  constructor(stepMs: DurationMs, memberOf: (slo: string) => Indicator | undefined) {
    this.#stepMs = stepMs
    this.#memberOf = memberOf
  }

  /** All SLOs by id, for a checkpoint. */
  get slos(): ReadonlyMap<string, SloEvidence> {
    return this.#slos
  }

  /** Another number once there are other rows. */
  get namesVersion(): number {
    return this.#namesVersion
  }

  /** How often what a tick did was undone. */
  get rolledBack(): number {
    return this.#rolledBack
  }

  /** Whether exactly the step that ends here is to be weighed in a scope: none was left out, and it was not weighed yet. */
  enter(scope: string, at: EpochMs): boolean {
    this.#enter(scope, at)
    return this.#before === at - this.#stepMs
  }

  /** Closes the block of time of a row where it is over. */
  endBlock({ settings }: CompiledEvidence, slo: SloEvidence, base: number, scope: string, end: EpochMs): void {
    const { dispersion } = settings
    if (!isBlockOver(this.table, base, slo, dispersion, scope, end - this.#stepMs)) return
    this.#single.numbers[0] = slo.number
    this.endBlocks(this.#single, dispersion, scope, end)
  }

  /** The same of many SLOs, of which it is over in a scope that learns. */
  endBlocks(ending: EndingBlocks, settings: DispersionSettings, scope: string, end: EpochMs): void {
    const { table, dispersions } = this
    this.#closing = scope
    this.#closingAt = end
    endBlocks({ table, dispersions, chains: this.#chains }, ending, settings, end - this.#stepMs, this.#closedUntil)
  }

  /** Up to when each scope was weighed, for a checkpoint. */
  get weighedAt(): ReadonlyMap<string, EpochMs> {
    return this.#weighedAt
  }

  /** Nobody looked at this time, so that what was not seen in it is not dark. */
  notWatched(from: EpochMs, to: EpochMs): void {
    this.#unwatched = { from, to }
  }

  /** How long nothing was seen while somebody looked. */
  unseenMs(from: EpochMs, to: EpochMs): DurationMs {
    return to - from - Math.max(0, Math.min(to, this.#unwatched.to) - Math.max(from, this.#unwatched.from))
  }

  /**
   * Weighs what happened in a scope since its last step; undefined where the policy asks for no evidence. What is `taken` to be
   * so in a region that cannot be seen is weighed for this SLO alone: the region's others go on when it is seen again.
   */
  weigh(reading: ScopeReading, taken: boolean): Weighed | undefined {
    const { compiled, scope, at } = reading
    if (compiled.evidence === undefined) return undefined
    if (!taken) this.#enter(scope, at)
    const isKnown = this.#slos.get(compiled.id)?.rows.has(scope) === true
    const weighed = this.look(reading)
    // Tickets look at their windows alone.
    if (weighed === undefined || !compiled.slo.alerting.severities.page) return weighed
    if (!taken && this.#before >= at) return weighed
    // After a restart, the steps between the last checkpoint and the end of the process are made up for.
    const from =
      isKnown && !taken ? Math.max(this.#before, at - evidenceCatchUpStepsMax * this.#stepMs) : at - this.#stepMs
    for (let end = from + this.#stepMs; end <= at; end += this.#stepMs) {
      this.endBlock(compiled.evidence, weighed.slo, weighed.base, scope, end)
      weighStep(weighed, reading, end)
    }
    return weighed
  }

  /** The evidence as it stands, without weighing anything: for a scope that cannot be seen. */
  look({ compiled, scope }: ScopeReading): Weighed | undefined {
    const { evidence } = compiled
    if (evidence === undefined) return undefined
    const slo = this.gatesOf(compiled, evidence)
    return this.weighedOf(evidence, slo, slo.rows.get(scope) ?? this.addRow(slo, scope))
  }

  /** One row, with all that it takes to read it. */
  weighedOf(evidence: CompiledEvidence, slo: SloEvidence, base: number): Weighed {
    const terms = evidence.terms(this.#stepMs, slo.rows.size)
    return { table: this.table, base, slo, terms, evidence, stepMs: this.#stepMs }
  }

  /** What a tick did is stored. */
  commit(): void {
    this.table.commit()
    this.dispersions.commit()
    this.#committedAt = new Map(this.#weighedAt)
  }

  /** What a tick did could not be stored, and has not happened. */
  rollBack(): void {
    this.table.rollBack()
    this.dispersions.rollBack()
    this.#weighedAt = new Map(this.#committedAt)
    this.#at = Number.NaN
    this.#rolledBack++
  }

  /** Forgets SLOs that are gone. */
  keepOnly(slos: ReadonlyMap<string, CompiledSlo>): void {
    for (const id of this.#slos.keys()) if (slos.get(id)?.evidence === undefined) this.#forget(id)
  }

  /** Forgets SLOs that count something else since their rules changed. */
  rulesChanged(slos: ReadonlyMap<string, CompiledSlo>): void {
    for (const [id, { signals }] of this.#slos) {
      const compiled = slos.get(id)
      if (compiled === undefined || signalsKey(compiled) !== signals) this.#forget(id)
    }
    this.keepOnly(slos)
    for (const [id, { dispersion }] of this.#slos) {
      const settings = slos.get(id)?.evidence?.settings
      if (settings !== undefined) dispersion.goBy(settings.dispersion)
    }
  }

  /** The gates of an SLO, made when they are new; `signals` says what it counted when they are from a checkpoint. */
  gatesOf(compiled: CompiledSlo, { settings }: CompiledEvidence, signals = ''): SloEvidence {
    const known = this.#slos.get(compiled.id)
    if (known !== undefined) return known
    const number = this.dispersions.add(settings.dispersion)
    const made: SloEvidence = {
      number,
      signals: signals === '' ? signalsKey(compiled) : signals,
      rows: new Map(),
      dispersion: new Dispersion(settings.dispersion, this.dispersions, number),
      trial: trialOf(compiled.slo.indicator, this.#memberOf),
    }
    this.#slos.set(compiled.id, made)
    this.#namesVersion++
    return made
  }

  /** A scope of which nothing is known yet. */
  addRow(slo: SloEvidence, scope: string): number {
    const base = this.table.add()
    slo.rows.set(scope, base)
    this.#chains.add(slo.number, scope, base)
    this.#namesVersion++
    return base
  }

  /** Takes up where a checkpoint left a scope. */
  restoreWeighedAt(scope: string, at: EpochMs): void {
    this.#weighedAt.set(scope, at)
    this.#committedAt = new Map(this.#weighedAt)
  }

  #forget(id: string): void {
    const slo = this.#slos.get(id)
    if (slo !== undefined) {
      this.#chains.remove(slo.number)
      this.dispersions.remove(slo.number)
    }
    for (const base of slo?.rows.values() ?? []) this.table.remove(base)
    this.#slos.delete(id)
    this.#namesVersion++
  }

  #enter(scope: string, at: EpochMs): void {
    if (scope === this.#scope && at === this.#at) return
    this.#scope = scope
    this.#at = at
    this.#before = this.#weighedAt.get(scope) ?? at - this.#stepMs
    if (at > this.#before) this.#weighedAt.set(scope, at)
  }
}
