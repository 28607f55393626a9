import { attemptTimeoutMs } from '../core/model/limits.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Random } from '../ports/random.ts'
import type { Receiver } from '../ports/receiver.ts'
import type { Outbox } from '../ports/store.ts'
import { attemptsUnderWay } from './attempts-under-way.ts'
import { deliveredLines } from './delivered-lines.ts'
import { type Pace, pace } from './pace.ts'
import { type PatientOutbox, patientOutbox } from './patient-outbox.ts'
import { startReceiverLanes } from './receiver-lanes.ts'

/** What delivery works with; the clock and chance are arguments, so that tests own them. */
export interface DeliveryOptions {
  readonly store: { readonly outbox: Outbox }
  readonly receivers: readonly Receiver[]
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly meter: Meter
}

/** Delivery as it runs. */
export interface RunningDelivery {
  /** There is something new in the outbox. */
  notify(): void
  /** Goes on with other receivers at once. Attempts under way end, and are settled, at the receivers as they were. */
  change(receivers: readonly Receiver[]): void
  /** Starts no further attempt, lets those under way finish, and after `graceMs` aborts them. Never rejects. */
  stop(graceMs?: DurationMs): Promise<void>
}

/**
 * Starts delivering what the outbox holds: first what a process that died left in flight, then each receiver in lanes of its
 * own, so that one that hangs delays no other. This is the only place that retries.
 */
export function startDelivery(options: DeliveryOptions): RunningDelivery {
  const { clock } = options
  const stopping = new AbortController()
  const attempts = attemptsUnderWay(clock)
  const outbox = patientOutbox(options.store.outbox, stopping.signal, options)
  const world = { ...options, attempts, arrived: deliveredLines(options), outbox, paceOf: paces() }

  // Once, before the first attempt: from then on what is in flight is in flight here.
  const recovered = recover(options, outbox)
  let lanes = startReceiverLanes(options.receivers, world, () => recovered)
  const ending = new Set<Promise<unknown>>()

  function change(receivers: readonly Receiver[]): void {
    if (stopping.signal.aborted) return
    const { ofReceiver, ended } = lanes
    ending.add(ended)
    void ended.then(() => ending.delete(ended))
    lanes.close()
    lanes = startReceiverLanes(receivers, world, async (receiver, lane) => {
      await Promise.all([recovered, ofReceiver.get(receiver)?.[lane]])
    })
  }

  async function drain(graceMs: DurationMs): Promise<void> {
    stopping.abort()
    lanes.close()
    const drained = new AbortController()
    const deadline = clock.sleepUntil(clock.now() + graceMs, drained.signal).then(
      () => attempts.abortAll(new Error('the process stops')),
      () => {},
    )
    await Promise.all([...ending, lanes.ended])
    drained.abort()
    await deadline
  }

  let stopped: Promise<void> | undefined
  return {
    notify: () => lanes.notify(),
    change,
    stop(graceMs = attemptTimeoutMs) {
      stopped ??= drain(graceMs)
      return stopped
    },
  }
}

/** The pace of each receiver: one that is configured anew with the same limit goes on at it. */
function paces(): (receiver: Receiver) => Pace | undefined {
  const known = new Map<string, Pace>()
  return ({ name, pace: limit }) => {
    if (limit === undefined) return undefined
    const key = JSON.stringify([name, limit])
    const own = known.get(key) ?? pace(limit)
    known.set(key, own)
    return own
  }
}

async function recover({ clock, log }: DeliveryOptions, outbox: PatientOutbox): Promise<void> {
  const lost = await outbox.recover(clock.now())
  if (lost !== undefined && lost > 0) log.warn({ deliveries: lost }, 'attempts of a process that died are made again')
}
