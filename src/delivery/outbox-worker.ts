import { attemptsInFlightPerReceiverMax, attemptTimeoutMs } from '../core/model/limits.ts'
import type { DurationMs } from '../core/model/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { Random } from '../ports/random.ts'
import type { Receiver } from '../ports/receiver.ts'
import type { Outbox } from '../ports/store.ts'
import { attemptsUnderWay } from './attempts-under-way.ts'
import { deliveredLines } from './delivered-lines.ts'
import { giveUpGoneReceivers } from './gone-receivers.ts'
import { type Lane, runLane } from './lane.ts'
import { type PatientOutbox, patientOutbox } from './patient-outbox.ts'
import { wakeUp } from './wake-up.ts'

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
  /** Starts no further attempt, lets those under way finish, and after `graceMs` aborts them. Never rejects. */
  stop(graceMs?: DurationMs): Promise<void>
}

/**
 * Starts delivering what the outbox holds: first what a process that died left in flight, then each receiver in lanes of its
 * own, so that one that hangs delays no other. This is the only place that retries.
 */
export function startDelivery(options: DeliveryOptions): RunningDelivery {
  const { clock, receivers } = options
  const stopping = new AbortController()
  const attempts = attemptsUnderWay(clock)
  const wakes = receivers.map(() => wakeUp(clock))
  const arrived = deliveredLines(options)
  const outbox = patientOutbox(options.store.outbox, stopping.signal, options)

  const recovered = recover(options, outbox)
  const lanes = receivers.flatMap((receiver, index) => {
    const lane: Lane = {
      ...options,
      receiver,
      outbox,
      wake: wakes[index],
      arrived,
      attempts,
      pause: { until: 0 },
      stopping: stopping.signal,
    }
    const length = receiver.attemptsInFlightMax ?? attemptsInFlightPerReceiverMax
    return Array.from({ length }, () => recovered.then(() => runLane(lane)))
  })

  const wakeForGone = wakeUp(clock)
  const configured = new Set(receivers.map(({ name }) => name))
  const gone = { ...options, configured, outbox, wake: wakeForGone, stopping: stopping.signal }
  lanes.push(recovered.then(() => giveUpGoneReceivers(gone)))

  function notify(): void {
    for (const wake of [...wakes, wakeForGone]) wake.call()
  }

  async function drain(graceMs: DurationMs): Promise<void> {
    stopping.abort()
    notify()
    const drained = new AbortController()
    const deadline = clock.sleepUntil(clock.now() + graceMs, drained.signal).then(
      () => attempts.abortAll(new Error('the process stops')),
      () => {},
    )
    await Promise.all(lanes)
    drained.abort()
    await deadline
  }

  let stopped: Promise<void> | undefined
  return {
    notify,
    stop(graceMs = attemptTimeoutMs) {
      stopped ??= drain(graceMs)
      return stopped
    },
  }
}

async function recover({ clock, log }: DeliveryOptions, outbox: PatientOutbox): Promise<void> {
  const lost = await outbox.recover(clock.now())
  if (lost !== undefined && lost > 0) log.warn({ deliveries: lost }, 'attempts of a process that died are made again')
}
