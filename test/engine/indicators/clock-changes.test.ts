import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { EventCounts } from '../../../src/core/model/counts.ts'
import type { CalendarPeriod } from '../../../src/core/time/calendar-window.ts'
import { readBudget } from '../../../src/engine/read-budget.ts'
import { countedPeriods, observedClocks } from '../../core/time/observed-clocks.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { anEngine, evaluateAll, send } from '../../support/engine-world.ts'
import { ratioSlo } from '../../support/indicator-slos.ts'

const minute = 60_000
const step = 30 * minute
const day = 24 * 60 * minute
const units = ['day', 'week', 'month'] as const
const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'] as const
/** Two days before the change and two after it, in steps. */
const around = 2 * (day / step)

for (const zone of zones) {
  const periods = periodsOf(zone)
  const changes = changesIn(periods.day)

  test(`every window is the sum of its days around each of the ${changes.length} clock changes of ${zone}`, async () => {
    await holdsForAllAsync(
      fc.asyncProperty(fc.array(fc.nat(50), { minLength: 2 * around, maxLength: 2 * around }), async (traffic) => {
        for (const change of changes.length > 0 ? changes : [Date.UTC(2026, 5, 30, 18, 30)]) {
          await assertSumsOfDays(zone, periods, change, traffic)
        }
      }),
      3,
    )
  })
}

test('all changes of three years are there', () => {
  const counts = zones.map((zone) => changesIn(periodsOf(zone).day))
  assert.deepEqual(
    counts.map(({ length }) => length),
    [6, 6, 6, 0],
  )
})

/** Now and then everything fails. */
function bad(count: number): number {
  return count % 7 === 0 ? count : 0
}

type Periods = Readonly<Record<(typeof units)[number], readonly CalendarPeriod[]>>

/** What the clocks of a zone showed, half hour by half hour. */
function periodsOf(zone: string): Periods {
  const days = observedClocks(zone, Date.UTC(2024, 10, 1), Date.UTC(2028, 1, 2), step)
  return { day: countedPeriods(days, 'day'), week: countedPeriods(days, 'week'), month: countedPeriods(days, 'month') }
}

/** Plays traffic around a moment, and compares every budget with the naive sum over the days of its period. */
async function assertSumsOfDays(
  timeZone: string,
  periods: Periods,
  change: number,
  traffic: readonly number[],
): Promise<void> {
  const from = change - around * step
  const read = new Map<string, EventCounts>()
  const engine = anEngine({
    slos: units.map((unit) => ratioSlo({ name: unit, window: { kind: 'calendar', unit, timeZone } })),
    stepMs: step,
    onReading: (reading) => {
      if (reading.scope === 'eu') read.set(`${reading.compiled.slo.name} ${reading.at}`, readBudget(reading).counts)
    },
  })
  const sums = { total: 0, bad: 0 }
  const labels = { region: 'eu', job: 'shop', instance: 'a' }
  for (let index = 0; index <= traffic.length; index++) {
    const count = traffic[index - 1] ?? 0
    sums.total += count
    sums.bad += bad(count)
    const time = from + index * step
    send(engine.sink, [
      { labels: { __name__: 'total', ...labels }, time, value: sums.total },
      { labels: { __name__: 'bad', ...labels }, time, value: sums.bad },
    ])
    await evaluateAll(engine)
    for (const unit of units) {
      const naive = sumOfDays(daysOfPeriod(periods, unit, time), (end) =>
        end > from && end <= time ? traffic[(end - from) / step - 1] : 0,
      )
      assert.deepEqual(read.get(`${unit} ${time}`), naive, `${timeZone} ${unit} at ${new Date(time).toISOString()}`)
    }
  }
}

/** The days of the period that holds a moment; a moment that ends one is its last. */
function daysOfPeriod(periods: Periods, unit: (typeof units)[number], at: number): readonly CalendarPeriod[] {
  const period = periods[unit].find(({ start, end }) => at > start && at <= end)
  assert.ok(period)
  return periods.day.filter(({ start }) => start >= period.start && start < period.end)
}

/** Day by day, half hour by half hour. */
function sumOfDays(days: readonly CalendarPeriod[], eventsOf: (end: number) => number): EventCounts {
  const sum = { bad: 0, total: 0 }
  for (const { start, end } of days) {
    for (let at = start + step; at <= end; at += step) {
      sum.total += eventsOf(at)
      sum.bad += bad(eventsOf(at))
    }
  }
  return sum
}

/** The beginnings of the days of 2025 to 2027 that are longer or shorter than others. */
function changesIn(days: readonly CalendarPeriod[]): readonly number[] {
  const within = days.filter(({ start }) => start >= Date.UTC(2025, 0, 1) && start < Date.UTC(2028, 0, 1))
  return within.filter(({ start, end }) => end - start !== day).map(({ start }) => start)
}
