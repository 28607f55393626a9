import { type DurationMs, type EpochMs, hourMs } from '../core/model/units.ts'
import { alignDown } from '../core/time/alignment.ts'
import type { Engine } from '../engine/engine.ts'
import type { TickResult } from '../engine/tick.ts'
import type { AnswerSink } from '../ports/answer-sink.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { SampleSink } from '../ports/sample-sink.ts'
import { clockWatch } from './clock-watch.ts'
import { limitReports } from './limit-reports.ts'
import { missingBucketReports } from './missing-bucket-reports.ts'
import { recordTick } from './record-tick.ts'
import { tellingSink } from './watched-sink.ts'

const tidyEveryMs = hourMs

/** What the loop keeps time by, and whom it tells. */
export interface EngineLoopWorld {
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly stepMs: DurationMs
  readonly checkpointMs: DurationMs
  /** Called now and then, when nothing else is done: for what the store need not keep any more. */
  readonly tidy: (now: EpochMs) => Promise<void>
  /** Called after every tick that wrote deliveries. */
  readonly onDeliveries: () => void
}

/** An engine that runs by the clock. */
export interface EngineLoop {
  /** Samples go in here: those that make a step due start a tick at once. */
  readonly sink: SampleSink
  /** Answers to queries go in here, and do the same. */
  readonly answers: AnswerSink
  /** Whether a first turn is over. */
  readonly hasTurned: boolean
  /** Counts and logs what was decided outside of a turn, and wakes delivery. */
  readonly decided: (result: TickResult) => void
  /** Runs an action between two ticks, never during one. */
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>
  /** Ends the loop after the tick under way, and stores a last checkpoint. */
  stop(): Promise<void>
}

/**
 * Drives an engine by the clock: a tick when samples have completed a step, one at every step in any case, and a
 * checkpoint in between. One thing at a time: ticks and reloads never overlap, and a checkpoint is what stood between two.
 */
export function startEngineLoop(engine: Engine, world: EngineLoopWorld): EngineLoop {
  const { clock, log, stepMs } = world
  const stopping = new AbortController()
  const turns = exclusiveTurns()
  let wake = nothing
  let checkpointDueAt = clock.now() + world.checkpointMs
  let tidyDueAt = clock.now()

  let checkpointing: Promise<void> | undefined
  let hasTurned = false
  let surveyDueAt = clock.now()
  const wasPutBack = clockWatch(world)
  const reportLimits = limitReports(engine, world)
  const reportMissingBuckets = missingBucketReports(engine.counting, world)
  const turn = async (): Promise<void> => {
    // What was due by the other time would wait for as long as it was put back.
    if (wasPutBack()) checkpointDueAt = tidyDueAt = surveyDueAt = clock.now()
    await evaluateAll(engine, world)
    if (clock.now() >= surveyDueAt) {
      surveyDueAt = clock.now() + stepMs
      engine.survey()
    }
    reportLimits()
    reportMissingBuckets()
    hasTurned = true
    if (clock.now() < checkpointDueAt) return
    checkpointDueAt = clock.now() + world.checkpointMs
    // It writes for as long as it takes, while other turns come.
    checkpointing ??= checkpoint(engine, world).finally(() => {
      checkpointing = undefined
    })
    if (clock.now() < tidyDueAt) return
    tidyDueAt = clock.now() + tidyEveryMs
    await world.tidy(clock.now())
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const failed = await turns(turn).then(
        () => false,
        (error: unknown) => {
          log.error({ error }, 'tick failed; the next one decides it again')
          return true
        },
      )
      // Samples that came during the turn are not waited for; after a failure the store is given time instead.
      if (engine.isDue && !failed) continue
      const nextStep = alignDown(clock.now(), stepMs) + stepMs
      await sleepOrWake(clock, nextStep, stopping.signal, (wakeUp) => {
        wake = wakeUp
      })
    }
  }
  const running = run()
  return {
    sink: wakingSink(engine, () => wake()),
    answers: wakingAnswers(engine, () => wake()),
    get hasTurned() {
      return hasTurned
    },
    decided: (result) => {
      recordTick(result, log, world.meter)
      if (result.deliveries.length > 0) world.onDeliveries()
    },
    exclusively: turns,
    stop: async () => {
      stopping.abort()
      wake()
      await running
      await checkpointing
      await turns(() => checkpoint(engine, world))
    },
  }
}

/** Ticks until nothing is due any more. */
async function evaluateAll(engine: Engine, { log, meter, onDeliveries }: EngineLoopWorld): Promise<void> {
  for (;;) {
    const startedAt = performance.now()
    const result = await engine.tick()
    if (result === undefined) return
    meter.observe('sloburn_evaluation_duration_seconds', {}, (performance.now() - startedAt) / 1_000)
    recordTick(result, log, meter)
    measure(engine, meter)
    if (result.deliveries.length > 0) onDeliveries()
  }
}

/** How much is counted, and how far. */
function measure({ counting, desk }: Engine, meter: Meter): void {
  const open = [...desk.incidents()].filter(({ phase }) => phase.kind !== 'closed')
  for (const severity of ['page', 'ticket'] as const) {
    meter.set('sloburn_open_incidents', { severity }, open.filter((one) => one.severity === severity).length)
  }
  let scopes = 0
  for (const { region, watermark, slos } of counting.regions.values()) {
    scopes += slos.size
    if (!Number.isNaN(watermark)) meter.set('sloburn_watermark_timestamp_seconds', { region }, watermark / 1_000)
  }
  meter.set('sloburn_slo_regions', {}, scopes)
}

async function checkpoint(engine: Engine, { clock, log, meter }: EngineLoopWorld): Promise<void> {
  const startedAt = performance.now()
  const at = clock.now()
  try {
    await engine.checkpoint()
    meter.set('sloburn_checkpoint_timestamp_seconds', {}, at / 1_000)
    meter.observe('sloburn_checkpoint_duration_seconds', {}, (performance.now() - startedAt) / 1_000)
  } catch (error) {
    log.error({ error }, 'checkpoint failed; the one before it stays in force')
  }
}

/** Passes samples on, and wakes the loop when they have completed a step. */
function wakingSink(engine: Engine, wake: () => void): SampleSink {
  return tellingSink(engine.sink, ({ accepted }) => {
    if (accepted > 0 && engine.isDue) wake()
  })
}

/** Books answers, and wakes the loop when they have completed a step. */
function wakingAnswers(engine: Engine, wake: () => void): AnswerSink {
  const { answers } = engine
  return {
    questions: () => answers.questions(),
    answeredUntil: (question, region) => answers.answeredUntil(question, region),
    book: (question, answer) => {
      const booked = answers.book(question, answer)
      if (booked && engine.isDue) wake()
      return booked
    },
  }
}

async function sleepOrWake(
  clock: Clock,
  until: number,
  signal: AbortSignal,
  onWake: (wake: () => void) => void,
): Promise<void> {
  const woken = new AbortController()
  onWake(() => woken.abort())
  try {
    await clock.sleepUntil(until, AbortSignal.any([signal, woken.signal]))
  } catch (error) {
    if (!signal.aborted && !woken.signal.aborted) throw error
  }
}

function nothing(): void {}

/** Lets actions run one after another. */
function exclusiveTurns(): <T>(action: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (action) => {
    const turn = last.then(action, action)
    last = turn.catch(() => {})
    return turn
  }
}
