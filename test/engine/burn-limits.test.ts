import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Chance, chance } from '../../bench/quality/chance.ts'
import { CountHistory } from '../../src/core/series/count-history.ts'
import { BurnLimits } from '../../src/engine/burn-limits.ts'
import type { SharedRule } from '../../src/engine/sweep-class.ts'
import { isBurning } from '../../src/engine/sweep-step.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = 1_767_225_600_000

const windows = [5 * minute, 30 * minute, 2 * hour, 6 * hour, hour, 24 * hour]
/** Two classes: one with both rules, the other with the second alone, under a ratio of its own. */
const rules: readonly SharedRule[] = [
  { place: 0, bit: 1, short: 0, long: 4, ratios: Float64Array.of(0.0144, Number.NaN) },
  { place: 1, bit: 2, short: 1, long: 3, ratios: Float64Array.of(0.006, 0.06) },
  { place: 2, bit: 4, short: 2, long: 5, ratios: Float64Array.of(0.003, Number.NaN) },
]
const slos = 12

test('no window burns of an SLO that is at or below its limits, whatever comes, late, thinned or put right', () => {
  const looks = { all: 0, spared: 0, burning: 0 }
  holdsForAll(
    fc.property(fc.nat(), (seed) => play(chance(`limits ${seed}`), looks)),
    12,
  )
  // Limits that spare nothing would prove nothing, nor would a world in which nothing burns.
  assert.ok(looks.spared > looks.all / 4, `${looks.spared} of ${looks.all} spared`)
  assert.ok(looks.burning > looks.all / 20, `${looks.burning} of ${looks.all} burn`)
})

test('limits found before history was added are found anew', () => {
  const { history, limits } = aWorld()
  const day = 24 * hour
  for (let at = start; at < start + day; at += step) history.add(1, at, at + step, 100)
  limits.reach(start + day)
  assert.ok(limits.least[0] > 1, 'one failure is no matter')
  const other = new CountHistory(step, day)
  other.addColumn()
  other.add(other.addColumn(), start + day - hour, start + day - minute, 1)
  history.addHistory(other, [[0, 1]], start + day)
  history.addHistory(history.copyOf([1]), [[1, 0]], start + day, -1)
  limits.reach(start + day)
  assert.ok(limits.least[0] < 1, 'without other events it is')
})

test('rows that may be thinned away before a limit is over give none', () => {
  const { history, limits } = aWorld()
  const times = [start, start + hour + 7 * step, start + 3 * hour, start + 3 * hour + 7 * step]
  history.restoreWide(times.map((at, index) => ({ at, counts: new Float64Array(2 * slos).fill(1_000 * index) })))
  history.advanceTo(start + 4 * hour)
  limits.reach(start + 4 * hour)
  assert.equal(limits.limitOf(0, 2, false), Number.NEGATIVE_INFINITY)
})

test('of what is not made of growing counts, and far behind the newest sample, nothing is known', () => {
  const { history, limits } = aWorld(1)
  for (let at = start; at <= start + hour; at += step) history.add(1, at, at + step, 1_000)
  limits.reach(start + hour)
  assert.equal(limits.least[1], Number.NEGATIVE_INFINITY, 'it is not growing')
  assert.ok(limits.least[0] > 5 && limits.limitOf(0, 0, true) > 5)
  limits.reach(start + hour / 2)
  assert.equal(limits.least[0], Number.NEGATIVE_INFINITY)
  assert.equal(limits.limitOf(0, 0, true), Number.NEGATIVE_INFINITY)
})

interface Looks {
  all: number
  spared: number
  burning: number
}

/** Hours of traffic of SLOs of all sizes, looked at at every step or now and then, also some steps behind. */
function play(drawn: Chance, looks: Looks): void {
  const { history, limits } = aWorld()
  const perStep = Array.from({ length: slos }, () => [0, 0.2, 3, 40, 700][drawn.index(5)])
  const failing = Array.from({ length: slos }, () => [0, 0.0005, 0.01, 0.2][drawn.index(4)])
  const trails = [0, 0, 2, 15, 30][drawn.index(5)]
  let at = start
  for (let round = 0; round < 150; round++) {
    // Traffic comes and goes, and what is left may fail: a window that was full of it may be nearly empty soon.
    if (drawn.index(3) === 0) {
      const slo = drawn.index(slos)
      perStep[slo] = [0.2, 0.7, 3, 40, 700][drawn.index(5)]
      failing[slo] = [0, 0.0005, 0.01, 0.2, 1][drawn.index(5)]
    }
    const steps = drawn.index(12) === 0 ? drawn.index(400) : 1 + drawn.index(3)
    for (let each = 0; each < steps; each++, at += step) {
      for (let slo = 0; slo < slos; slo++) count(history, drawn, slo, at, perStep[slo], failing[slo])
    }
    history.advanceTo(at)
    if (drawn.index(8) === 0) putRight(history, drawn, at)
    const head = at - drawn.index(2) * step
    for (const asked of drawn.index(2) === 0 ? [head, head - trails * step] : [head])
      compare(history, limits, asked, looks)
  }
}

/** The events of a step, now and then those of a longer time, which reach back. */
function count(history: CountHistory, drawn: Chance, slo: number, at: number, perStep: number, failing: number): void {
  const total = drawn.poisson(perStep)
  const bad = drawn.binomial(total, drawn.index(60) === 0 ? 0.9 : failing)
  const from = drawn.index(40) === 0 ? at - drawn.index(60) * step - drawn.index(step) : at - drawn.index(2) * 7_000
  if (total > 0) history.add(2 * slo + 1, from, at + step, total)
  if (bad > 0) history.add(2 * slo, from, at + step, bad)
}

/** A sample that comes between two others: events are taken back, and counted where they were. */
function putRight(history: CountHistory, drawn: Chance, at: number): void {
  const slo = drawn.index(slos)
  const amount = 1 + drawn.index(40)
  const from = at - (2 + drawn.index(500)) * step
  const between = from + drawn.index((at - from) / step) * step
  for (const column of [2 * slo, 2 * slo + 1]) {
    // As it was known before: the same sum, spread over all of it.
    history.add(column, from, at, amount)
    history.add(column, from, at, amount, -1)
    history.add(column, from, between, drawn.index(2) * amount)
    history.add(column, between, at, amount)
  }
}

function compare(history: CountHistory, limits: BurnLimits, at: number, looks: Looks): void {
  limits.reach(at)
  const { least } = limits
  for (let slo = 0; slo < slos; slo++) {
    const ever = countsAt(history, 2 * slo, at)
    const isSpared = ever <= least[slo]
    looks.all++
    if (isSpared) looks.spared++
    for (const { place, short, long, ratios } of rules) {
      const isShort = burns(history, slo, at, windows[short], ratios[slo % 2])
      const isLong = burns(history, slo, at, windows[long], ratios[slo % 2])
      if (isShort && isLong) looks.burning++
      const told = `SLO ${slo}, rule ${place}, ${(at - start) / minute} min`
      if (isShort) assert.ok(!isSpared && ever > limits.limitOf(slo, place, false), `short window of ${told}`)
      if (isLong) assert.ok(ever > limits.limitOf(slo, place, true), `long window of ${told}`)
    }
  }
}

function burns(history: CountHistory, slo: number, at: number, windowMs: number, ratio: number): boolean {
  const [bad, total] = [0, 1].map((signal) => history.countBetween(2 * slo + signal, at - windowMs, at))
  return isBurning(Math.min(bad, total), total, ratio)
}

/** As a sweep reads it. */
function countsAt(history: CountHistory, column: number, at: number): number {
  const out = new Float64Array(history.columns)
  history.countsAt(at, out)
  return out[column]
}

/** A history with the bad and all events of each SLO side by side, and its limits; the SLOs from `growing` on are of counts that may fall. */
function aWorld(growing = slos): { readonly history: CountHistory; readonly limits: BurnLimits } {
  const history = new CountHistory(step, 3 * 24 * hour)
  for (let column = 0; column < 2 * slos; column++) history.addColumn()
  history.advanceTo(start)
  const columns = {
    plus: Int32Array.from({ length: slos }, (_, slo) => 2 * slo),
    minus: new Int32Array(slos).fill(-1),
    total: Int32Array.from({ length: slos }, (_, slo) => 2 * slo + 1),
  }
  const classPlaces = Int32Array.from({ length: slos }, (_, slo) => slo % 2)
  const areGrowing = Uint8Array.from({ length: slos }, (_, slo) => (slo < growing ? 1 : 0))
  return { history, limits: new BurnLimits({ history, columns, areGrowing, windows, rules, classPlaces }) }
}
