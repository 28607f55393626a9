import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CountHistory } from '../../../src/core/series/count-history.ts'
import { type Rung, resolutionAtAge, retentionLadder } from '../../../src/core/series/retention-ladder.ts'
import { alignDown, alignUp } from '../../../src/core/time/alignment.ts'
import { historyEvents, steps, storyStart, type ToldStory, tellStory } from '../../support/engine-history-story.ts'
import { type Booking, naiveCount } from '../../support/engine-naive-counts.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const horizon = 30 * day

/** Evaluation may be this far behind the newest event. */
const trailing = 10 * minute

const shortWindows = [1 * minute, 5 * minute, 30 * minute, 42 * minute, hour]
const longWindows = [2 * hour, 6 * hour, day, 3 * day, 7 * day, horizon]

test('windows of up to an hour are exact at every step, whatever came late, was removed or lay idle', () => {
  holdsForAll(
    fc.property(steps, historyEvents, fc.nat(), (stepMs, events, behind) => {
      tellStory(stepMs, horizon, events, (told) => {
        const at = evaluationAt(told, behind)
        if (at === undefined) return
        for (const windowMs of shortWindows.filter((window) => window % stepMs === 0)) {
          for (const [column, count] of windowsOf(told, at, windowMs)) {
            assert.equal(
              count,
              naiveCount(bookingsOf(told, column), at - windowMs, at),
              `column ${column}, ${windowMs} ms`,
            )
          }
        }
      })
    }),
  )
})

test('longer windows are off by no more than the events of one resolution of the ladder at their start', () => {
  holdsForAll(
    fc.property(steps, historyEvents, fc.nat(), (stepMs, events, behind) => {
      const ladder = retentionLadder(stepMs, horizon)
      tellStory(stepMs, horizon, events, (told) => {
        const at = evaluationAt(told, behind)
        if (at === undefined) return
        for (const windowMs of longWindows) {
          const [from, to] = bracketOf(at - windowMs, told.history.headAt ?? at, ladder)
          for (const [column, count] of windowsOf(told, at, windowMs)) {
            const booked = bookingsOf(told, column)
            const error = Math.abs(count - naiveCount(booked, at - windowMs, at))
            const bound = naiveCount(booked, from, to)
            assert.ok(error <= bound + 1e-6, `${error} events off over ${windowMs} ms, ${bound} allowed`)
          }
        }
      })
    }),
  )
})

test('the bound on long windows is not idle: a window that starts within a row really is off', () => {
  const history = new CountHistory(15_000, horizon)
  const column = history.addColumn()
  const at = storyStart + 3 * day
  history.add(column, storyStart + 60_000, storyStart + 75_000, 100)
  history.advanceTo(at + 5 * minute)
  const counted = windowOf(history, at + 5 * minute, 3 * day, column)
  assert.notEqual(counted, 0, 'the events of the first minutes lie before the window, but within its oldest row')
  assert.ok(counted <= 100)
})

test('what is booked stays booked: totals are conserved through spreading, thinning and growth', () => {
  holdsForAll(
    fc.property(steps, historyEvents, (stepMs, events) => {
      const told = tellStory(stepMs, 400 * day, events)
      for (const [column, bookings] of told.booked) {
        const total = bookings.reduce((sum, { amount }) => sum + amount, 0)
        assert.equal(told.history.latestCount(column), total)
        const head = told.history.headAt ?? storyStart
        assert.equal(told.history.countBetween(column, head - 400 * day, head), total)
      }
    }),
  )
})

test('every row holds whole events when whole events are booked', () => {
  holdsForAll(
    fc.property(steps, historyEvents, (stepMs, events) => {
      const { history } = tellStory(stepMs, horizon, events)
      for (const { counts } of history.rows) assert.ok(counts.every(Number.isInteger))
    }),
  )
})

test('taking back what was added leaves no trace in any row, however much happened in between', () => {
  const booking = fc.record({
    late: fc.nat(2 * day),
    length: fc.integer({ min: 1, max: day }),
    amount: fc.nat(1_000_000),
  })
  holdsForAll(
    fc.property(steps, historyEvents, booking, (stepMs, events, { late, length, amount }) => {
      const history = new CountHistory(stepMs, horizon)
      const column = history.addColumn()
      const other = history.addColumn()
      history.advanceTo(storyStart)
      const to = storyStart - late
      history.add(column, to - length, to, amount)
      let now = storyStart
      for (const event of events) {
        if (event.kind === 'pass') now += event.ms
        if (event.kind === 'add') history.add(other, now - event.late - event.length, now - event.late, event.amount)
      }
      history.add(column, to - length, to, amount, -1)
      assert.ok(history.rows.every(({ counts }) => counts[column] === 0))
    }),
  )
})

test('a column that is used again starts at zero and its neighbours do not notice', () => {
  const history = new CountHistory(15_000, day)
  const kept = history.addColumn()
  const dropped = history.addColumn()
  for (let step = 0; step < 10; step++) {
    history.add(kept, storyStart + step * 15_000, storyStart + (step + 1) * 15_000, 3)
    history.add(dropped, storyStart + step * 15_000, storyStart + (step + 1) * 15_000, 5)
  }
  history.removeColumn(dropped)
  assert.equal(history.addColumn(), dropped)
  const at = storyStart + 150_000
  assert.equal(windowOf(history, at, 5 * minute, dropped), 0)
  assert.equal(windowOf(history, at, minute, kept), 12)
})

test('the first events ever are not lost when the rows around them are thinned', () => {
  const history = new CountHistory(15_000, horizon)
  const column = history.addColumn()
  const start = storyStart + 7 * minute
  for (let at = start; at < start + 5 * day; at += 5 * minute) history.add(column, at, at + 5 * minute, 1)
  const at = start + 5 * day
  assert.equal(windowOf(history, at, horizon, column), 5 * 288)
})

test('a sample that is decades old is within no window and hides none', () => {
  const history = new CountHistory(15_000, horizon)
  const column = history.addColumn()
  history.add(column, 0, 15_000, 1)
  history.add(column, storyStart, storyStart + 15_000, 1)
  assert.equal(windowOf(history, storyStart + 15_000, horizon, column), 1)
})

test('an idle stretch reads as exactly no events, also where a window starts between two rows', () => {
  holdsForAll(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 1e15 }),
      fc.integer({ min: 0, max: 20 * day }),
      (stepMs, amount, later) => {
        const history = new CountHistory(stepMs, horizon)
        const column = history.addColumn()
        history.add(column, storyStart, storyStart + stepMs, amount)
        const at = alignUp(storyStart + 8 * day + later, stepMs)
        history.advanceTo(at)
        for (const windowMs of [2 * hour, 6 * hour, day, 3 * day])
          assert.equal(windowOf(history, at, windowMs, column), 0)
      },
    ),
  )
})

test('a longer horizon keeps the counts there are and loses none later', () => {
  const history = new CountHistory(15_000, day)
  const column = history.addColumn()
  for (let at = storyStart; at < storyStart + 12 * hour; at += minute) history.add(column, at, at + minute, 1)
  history.extendHorizon(7 * day)
  history.extendHorizon(day)
  assert.equal(history.horizonMs, 7 * day)
  for (let at = storyStart + 12 * hour; at < storyStart + 5 * day; at += minute) history.add(column, at, at + minute, 1)
  assert.equal(windowOf(history, storyStart + 5 * day, 7 * day, column), 5 * 1_440)
})

test('a history put back from its rows answers as before and goes on as before', () => {
  holdsForAll(
    fc.property(steps, historyEvents, historyEvents, (stepMs, before, after) => {
      const told = tellStory(stepMs, horizon, before)
      const { history } = told
      const rows = history.rows.map(({ at, counts }) => ({
        at,
        counts: counts.slice(0, history.columns),
        savedAfter: 0,
      }))
      const restored = new CountHistory(stepMs, horizon)
      const { columns, freeColumns } = history
      restored.restoreColumns({ columns, freeColumns: [...freeColumns], cleared: [] })
      restored.restoreRows({ rows, bases: [] })
      const [column] = [...told.booked.keys(), history.addColumn()]
      if (restored.columns < history.columns) restored.addColumn()
      let now = history.headAt ?? storyStart
      for (const event of after) {
        if (event.kind === 'pass') now += event.ms
        if (event.kind !== 'add') continue
        for (const each of [history, restored]) {
          each.add(column, now - event.late - event.length, now - event.late, event.amount)
        }
      }
      assert.deepEqual(rowsOf(restored), rowsOf(history))
    }),
    60,
  )
})

test('fractional amounts are spread without loss', () => {
  const history = new CountHistory(15_000, day)
  const column = history.addColumn()
  history.add(column, storyStart, storyStart + minute, 0.5)
  assert.equal(windowOf(history, storyStart + minute, 30_000, column), 0.25)
  assert.equal(history.latestCount(column), 0.5)
})

function windowsOf(told: ToldStory, at: number, windowMs: number): [number, number][] {
  const out = new Float64Array(told.history.columns)
  told.history.windowCounts(at, windowMs, out)
  return [...told.booked.keys()].map((column) => [column, out[column]])
}

function windowOf(history: CountHistory, at: number, windowMs: number, column: number): number {
  const out = new Float64Array(history.columns)
  history.windowCounts(at, windowMs, out)
  return out[column]
}

function bookingsOf({ booked }: ToldStory, column: number): readonly Booking[] {
  return booked.get(column) ?? []
}

/** A step at or a little behind the newest row. */
function evaluationAt({ history }: ToldStory, behind: number): number | undefined {
  const head = history.headAt
  return head === undefined ? undefined : alignUp(head - (behind % (trailing + 1)), history.stepMs)
}

/** Where the rows around a moment lie at the farthest, by the ladder alone. */
function bracketOf(moment: number, head: number, ladder: readonly Rung[]): [number, number] {
  const coarsest = ladder[ladder.length - 1].resolutionMs
  const fine = resolutionAtAge(ladder, head - moment) ?? coarsest
  // The row before may belong to the next rung already, whose rows lie further apart.
  const resolution = resolutionAtAge(ladder, head - alignDown(moment, fine)) ?? coarsest
  const from = alignDown(moment, resolution)
  return [from, from + resolution]
}

function rowsOf(history: CountHistory): [number, number[]][] {
  const columns = Array.from({ length: history.columns }, (_, column) => column)
  return history.rows.map((row) => [row.at, columns.map((column) => row.count(column))])
}
