import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chance } from '../../../bench/quality/chance.ts'
import { column } from '../../../src/core/evidence/evidence-table.ts'
import { eachStep, Row, stepMs, terms } from './row.ts'

/** A bound low enough to be seen at work: one false alarm in 500 steps. */
const boundSteps = 500
const bounded = terms(0.001, 1, { falseAlarmEveryMs: boundSteps * stepMs })

/**
 * Mean steps to a false alarm while exactly twice the objective fails, the worst case that the bound covers, under traffic
 * that moves as it likes.
 */
function meanStepsToAlarm(name: string, clumped: boolean): number {
  const drawn = chance(name)
  const runs = 60
  let steps = 0
  for (let run = 0; run < runs; run++) {
    const row = new Row(bounded)
    do {
      const total = Math.floor(2_000 * drawn.uniform() * (1 + Math.sin(steps / 50)))
      const bad = drawn.binomial(total, 0.002)
      row.step(total - bad, bad, eachStep, clumped)
      steps++
    } while (row.cell(column.crossedAt) !== row.at)
  }
  return steps / runs
}

for (const clumped of [false, true]) {
  test(`chance alone raises a false alarm no more often than the bound says, ${clumped ? 'with' : 'without'} clumps`, () => {
    const mean = meanStepsToAlarm(`false alarms ${clumped}`, clumped)
    assert.ok(mean >= boundSteps, `${mean} steps`)
  })
}

test('the simulation would notice: ten times the objective is found within a fraction of the bound', () => {
  const drawn = chance('real alarms')
  let steps = 0
  for (let run = 0; run < 20; run++) {
    const row = new Row(bounded)
    do {
      const bad = drawn.binomial(1_000, 0.01)
      row.step(1_000 - bad, bad)
      steps++
    } while (row.cell(column.crossedAt) !== row.at)
  }
  assert.ok(steps / 20 < boundSteps / 20, `${steps / 20} steps`)
})
