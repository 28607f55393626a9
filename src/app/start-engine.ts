import { setImmediate } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import type { Problem } from '../core/model/problem.ts'
import { Engine } from '../engine/engine.ts'
import type { Clock } from '../ports/clock.ts'
import type { IncrementLog } from '../ports/increment-log.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import { incrementFiles } from '../storage/increments/increment-files.ts'
import { sayProblems } from './config-warnings.ts'
import { type KeptRules, keptRules } from './kept-rules.ts'
import { type OpenedStore, openStore } from './open-store.ts'
import { type Outputs, outputConfigOf, startOutputs } from './outputs.ts'
import { type InForce, readRules } from './rules-in-force.ts'
import type { SampleClock } from './sample-clock.ts'

/** What an engine needs of the world, beside its store. */
export interface EngineSurroundings {
  readonly clock: Clock
  readonly samplesBy: SampleClock
  readonly log: Log
  readonly meter: Meter
}

/** An engine that has taken up where an earlier process stopped, with what it stands on. */
export interface StartedEngine {
  readonly engine: Engine
  readonly inForce: InForce
  readonly opened: OpenedStore
  readonly outputs: Outputs
  readonly increments: IncrementLog
  readonly kept: KeptRules
  /** Begins to keep what the rule files gave; to be called when nothing else is left to be started. */
  keepRules(): void
}

/** Rules do not let the engine start. */
export interface Refusal {
  readonly problems: readonly Problem[]
}

/** Reads the rules, opens the store and restores the engine. Rejects, with the reason, when the store cannot be opened. */
export async function startEngine(config: Config, world: EngineSurroundings): Promise<StartedEngine | Refusal> {
  const { clock, samplesBy, log, meter } = world
  const kept = keptRules(config.store.path, { log, meter })
  const { inForce, problems, toKeep } = await readRules(config, { now: clock.now(), kept })
  if (inForce === undefined) return { problems }
  sayProblems(problems, log)
  const parsed = toKeep.files.length - toKeep.keepable.filter(({ wasParsed }) => !wasParsed).length
  log.info({ slos: inForce.slos.length, files: toKeep.files.length, parsed }, 'rules read')
  const opened = openStore(config.store.path, { clock, log, meter })
  const { store } = opened
  const outputs = startOutputs(outputConfigOf(config), { store, clock, log, meter })
  const increments = incrementFiles(config.store.path, { log, meter })
  const { intervalMs: stepMs, delayMs } = config.evaluation
  const engine = new Engine({ stepMs, delayMs }, inForce.slos, outputs.routing, {
    store,
    now: () => clock.now(),
    sampleNow: () => samplesBy.now(),
    pause: () => setImmediate(),
    increments,
  })
  await engine.restore()
  samplesBy.goOnAfter(engine.countedUntil)
  const { seriesCount: series, incrementsReplayed } = engine
  log.info({ slos: inForce.slos.length, series, incrementsReplayed }, 'engine restored')
  return { engine, inForce, opened, outputs, increments, kept, keepRules: () => kept.keep(toKeep) }
}
