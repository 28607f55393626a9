import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type AlertObservation, type HoldTimes, stepAlert } from '../../../src/core/alerting/alert-machine.ts'
import { type AlertState, type FiredRule, isOpen } from '../../../src/core/model/alert.ts'
import { holdsForAll } from '../../support/engine-properties.ts'

const step = 15_000
const rule: FiredRule = { longMs: 3_600_000, shortMs: 300_000, burnRate: 14.4, longBurnRate: 20, shortBurnRate: 100 }
const inactive: AlertState = { kind: 'inactive' }

/** What an evaluation may find: the rule holds, it does not, or there is no data to say so. */
type Finding = 'held' | 'clear' | 'unknown'
const findings = fc.array(fc.constantFrom<Finding>('held', 'clear', 'unknown'), { maxLength: 60, size: 'max' })
const holdTimes = fc.record({
  forMs: fc.nat(5).map((steps) => steps * step),
  keepFiringForMs: fc.nat(20).map((steps) => steps * step),
})

interface Event {
  readonly at: number
  readonly event: 'fired' | 'resolved'
  readonly finding: Finding
}

test('fired and resolved alternate, beginning with fired', () => {
  holdsForAll(
    fc.property(findings, holdTimes, (found, times) => {
      const { events } = run(found, times)
      for (const [index, { event }] of events.entries()) assert.equal(event, index % 2 === 0 ? 'fired' : 'resolved')
    }),
  )
})

test('an alert is open after exactly those steps that follow a firing and no resolve', () => {
  holdsForAll(
    fc.property(findings, holdTimes, (found, times) => {
      const { events, state } = run(found, times)
      assert.equal(isOpen(state), events.at(-1)?.event === 'fired')
    }),
  )
})

test('missing data never resolves', () => {
  holdsForAll(
    fc.property(findings, holdTimes, (found, times) => {
      for (const { event, finding } of run(found, times).events)
        assert.equal(finding, event === 'fired' ? 'held' : 'clear')
    }),
  )
})

test('an alert resolves as soon as its condition was gone for the time it is kept firing, and not before', () => {
  holdsForAll(
    fc.property(findings, holdTimes, (found, times) => {
      for (const { at, event } of run(found, times).events.filter(({ event: kind }) => kind === 'resolved')) {
        const index = at / step
        const lastHeld = found.lastIndexOf('held', index)
        const cleared = found.indexOf('clear', lastHeld)
        assert.equal(event, 'resolved')
        assert.ok((index - cleared) * step >= times.keepFiringForMs)
        const earlier = found.findIndex(
          (finding, at2) => at2 >= cleared && finding === 'clear' && (at2 - cleared) * step >= times.keepFiringForMs,
        )
        assert.equal(index, earlier)
      }
    }),
  )
})

test('an alert opens at the first step at which its condition has held for long enough, and nothing said otherwise', () => {
  holdsForAll(
    fc.property(findings, holdTimes, (found, times) => {
      const first = run(found, times).events[0]
      const expected = found.findIndex((finding, index) => {
        if (finding !== 'held') return false
        const sinceClear = found.lastIndexOf('clear', index) + 1
        const firstHeld = found.indexOf('held', sinceClear)
        return (index - firstHeld) * step >= times.forMs
      })
      assert.equal(first === undefined ? -1 : first.at / step, expected)
    }),
  )
})

test('the start and the rule of an alert are those it opened with, to the end', () => {
  const other = { ...rule, burnRate: 6 }
  const opened = stepAlert(inactive, held(0), { forMs: 0, keepFiringForMs: step })
  const keeping = stepAlert(opened.state, clear(step), { forMs: 0, keepFiringForMs: step })
  assert.deepEqual(keeping, { state: { kind: 'keeping', since: 0, rule, clearedAt: step } })
  const again = stepAlert(
    keeping.state,
    { at: 2 * step, held: other, known: true },
    { forMs: 0, keepFiringForMs: step },
  )
  assert.deepEqual(again, { state: { kind: 'firing', since: 0, rule } })
})

test('an alert that stays as it is answers the very same state', () => {
  const opened = stepAlert(inactive, held(0), { forMs: 0, keepFiringForMs: 0 })
  assert.equal(stepAlert(opened.state, held(step), { forMs: 0, keepFiringForMs: 0 }).state, opened.state)
  assert.equal(stepAlert(opened.state, unknown(step), { forMs: 0, keepFiringForMs: 0 }).state, opened.state)
  assert.equal(stepAlert(inactive, clear(0), { forMs: 0, keepFiringForMs: 0 }).state, inactive)
})

test('evaluating twice as often fires no later', () => {
  holdsForAll(
    fc.property(findings, (found) => {
      const dense = run(found, { forMs: 0, keepFiringForMs: 0 }).events[0]
      const sparse = run(
        found.filter((_, index) => index % 2 === 0),
        { forMs: 0, keepFiringForMs: 0 },
        2 * step,
      ).events[0]
      if (sparse !== undefined) assert.ok(dense !== undefined && dense.at <= sparse.at)
    }),
  )
})

function run(found: readonly Finding[], times: HoldTimes, every = step) {
  const events: Event[] = []
  let state: AlertState = inactive
  for (const [index, finding] of found.entries()) {
    const at = index * every
    const next = stepAlert(state, observation(finding, at), times)
    state = next.state
    if (next.event !== undefined) events.push({ at, event: next.event, finding })
  }
  return { events, state }
}

function observation(finding: Finding, at: number): AlertObservation {
  if (finding === 'held') return held(at)
  return finding === 'clear' ? clear(at) : unknown(at)
}

function held(at: number): AlertObservation {
  return { at, held: rule, known: true }
}

function clear(at: number): AlertObservation {
  return { at, held: undefined, known: true }
}

function unknown(at: number): AlertObservation {
  return { at, held: undefined, known: false }
}
