import * as fc from 'fast-check'
import { CountHistory } from '../../src/core/series/count-history.ts'
import type { Booking } from './engine-naive-counts.ts'

/** One thing that happens to a history; times are relative to the moment it happens. */
export type HistoryEvent =
  | { readonly kind: 'pass'; readonly ms: number }
  | {
      readonly kind: 'add'
      readonly column: number
      readonly late: number
      readonly length: number
      readonly amount: number
    }
  | { readonly kind: 'add-column' }
  | { readonly kind: 'remove-column'; readonly column: number }
  | { readonly kind: 'reserve'; readonly capacity: number }

export const storyStart = Date.UTC(2026, 0, 1, 0, 0, 0)
const second = 1_000
const hour = 3_600 * second
const day = 24 * hour

const pass = fc
  .oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 * second }) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 30 * 60 * second }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 12 * hour }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 * day }) },
  )
  .map((ms) => ({ kind: 'pass', ms }) as const)

const late = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 * 60 * second }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 * hour }) },
)

const length = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(15 * second, 30 * second, 60 * second) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 10 * 60 * second }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * day }) },
)

const add = fc.record({
  kind: fc.constant('add' as const),
  column: fc.nat(3),
  late,
  length,
  amount: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 1_000_000 })),
})

const columns = fc.oneof(
  fc.constant({ kind: 'add-column' } as const),
  fc.record({ kind: fc.constant('remove-column' as const), column: fc.nat(3) }),
  fc.record({ kind: fc.constant('reserve' as const), capacity: fc.nat(40) }),
)

/** A few days to a few weeks of counting, with gaps, late events and changing columns. */
export const historyEvents = fc.array(
  fc.oneof({ weight: 10, arbitrary: add }, { weight: 6, arbitrary: pass }, { weight: 1, arbitrary: columns }),
  { minLength: 1, maxLength: 120, size: 'max' },
)

/** Steps with and without a remainder in a minute. */
export const steps = fc.constantFrom(15 * second, 30 * second, 60 * second, 7 * second)

/** The history after a story, and what was booked into each of its columns. */
export interface ToldStory {
  readonly history: CountHistory
  readonly booked: ReadonlyMap<number, Booking[]>
}

/** Tells a story to a history, calling back after every event. */
export function tellStory(
  stepMs: number,
  horizonMs: number,
  events: readonly HistoryEvent[],
  afterEach: (told: ToldStory) => void = () => {},
): ToldStory {
  const history = new CountHistory(stepMs, horizonMs)
  const booked = new Map<number, Booking[]>([[history.addColumn(), []]])
  const told = { history, booked }
  let now = storyStart
  for (const event of events) {
    if (event.kind === 'pass') {
      now += event.ms
      history.advanceTo(now)
    } else if (event.kind === 'add-column') booked.set(history.addColumn(), [])
    else if (event.kind === 'reserve') history.reserve(event.capacity)
    else bookOrRemove(told, event, now)
    afterEach(told)
  }
  return told
}

function bookOrRemove(
  { history, booked }: { history: CountHistory; booked: Map<number, Booking[]> },
  event: Extract<HistoryEvent, { column: number }>,
  now: number,
): void {
  const live = [...booked.keys()]
  if (live.length === 0) return
  const column = live[event.column % live.length]
  if (event.kind === 'remove-column') {
    history.removeColumn(column)
    booked.delete(column)
    return
  }
  const to = now - event.late
  const booking = { from: to - event.length, to, amount: event.amount }
  history.add(column, booking.from, booking.to, booking.amount)
  booked.get(column)?.push(booking)
}
