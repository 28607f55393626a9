import { attemptsInFlightPerReceiverMax } from '../core/model/limits.ts'
import type { Receiver } from '../ports/receiver.ts'
import { giveUpGoneReceivers } from './gone-receivers.ts'
import { type Lane, runLane } from './lane.ts'
import type { Pace } from './pace.ts'
import { patientOutbox } from './patient-outbox.ts'
import { wakeUp } from './wake-up.ts'

/** What the lanes of all receivers share; its outbox waits for as long as the process runs. */
export type LanesWorld = Omit<Lane, 'receiver' | 'wake' | 'pause' | 'pace' | 'stopping'> & {
  /** The pace of a receiver, which it keeps when the config changes. */
  readonly paceOf: (receiver: Receiver) => Pace | undefined
  readonly store: { readonly outbox: Parameters<typeof patientOutbox>[0] }
}

/** The lanes of all receivers of one config, as they run. */
export interface ReceiverLanes {
  /** Resolves when a lane has ended, in the order of the lanes of its receiver. */
  readonly ofReceiver: ReadonlyMap<string, readonly Promise<void>[]>
  /** There is something new in the outbox. */
  notify(): void
  /** Begins no further attempt. Those under way end, and are settled, by themselves. */
  close(): void
  /** Resolves when all of them have ended. */
  readonly ended: Promise<unknown>
}

/**
 * Starts the lanes of each receiver. One begins when the lane before it has ended, that of the same receiver in the config before: so
 * never more attempts than a receiver's own are under way at it, and one that hangs holds up nobody but itself.
 */
export function startReceiverLanes(
  receivers: readonly Receiver[],
  world: LanesWorld,
  before: (receiver: string, lane: number) => Promise<unknown>,
): ReceiverLanes {
  const { clock, store } = world
  const closing = new AbortController()
  const stopping = closing.signal
  // An outcome is told also when these lanes are closed: nobody else would say that the attempt is over.
  const outbox = { ...patientOutbox(store.outbox, stopping, world), settle: world.outbox.settle }
  const wakes = new Map(receivers.map(({ name }) => [name, wakeUp(clock)]))
  const wakeForGone = wakeUp(clock)

  const ofReceiver = new Map<string, readonly Promise<void>[]>()
  for (const receiver of receivers) {
    const wake = wakes.get(receiver.name) ?? wakeForGone
    const lane: Lane = { ...world, receiver, outbox, wake, pause: { until: 0 }, pace: world.paceOf(receiver), stopping }
    const length = receiver.attemptsInFlightMax ?? attemptsInFlightPerReceiverMax
    const lanes = Array.from({ length }, (_, index) => before(receiver.name, index).then(() => runLane(lane)))
    ofReceiver.set(receiver.name, lanes)
  }
  const gone = { ...world, configured: new Set(ofReceiver.keys()), outbox, wake: wakeForGone, stopping }
  const givingUp = before('', 0).then(() => giveUpGoneReceivers(gone))

  function notify(): void {
    for (const wake of [...wakes.values(), wakeForGone]) wake.call()
  }

  return {
    ofReceiver,
    notify,
    close() {
      closing.abort()
      notify()
    },
    ended: Promise.all([...ofReceiver.values(), [givingUp]].flat()),
  }
}
