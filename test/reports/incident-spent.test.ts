import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { BurnRatePoint } from '../../src/core/model/incident.ts'
import { buildReport } from '../../src/reports/model/build-report.ts'
import { countedSpent } from '../../src/reports/model/incident-spent.ts'
import { shopReport } from '../support/report-world.ts'

const minute = 60_000
const hour = 60 * minute
const at = Date.UTC(2026, 9, 14, 13, 5)

/** What is known at the end of each step of an incident; the first step begins at `since`. */
function pointsOf(incidentId: string, since: number, steps: readonly number[], stepMs = minute): BurnRatePoint[] {
  let [bad, total] = [0, 0]
  return steps.map((failed, index) => {
    bad += failed
    total += 1_000
    const until = since + (index + 1) * stepMs
    const spent = { since, until, bad, total, allowed: 5_000 }
    const reading = { slo: 'checkout-availability', scope: 'global', windowMs: 300_000, burnRate: 1, spent }
    return { incidentId, at: until, readings: [reading] }
  })
}

function incidentWith(points: readonly BurnRatePoint[]) {
  const input = shopReport({})
  const incidents = input.incidents.map((one) =>
    one.incident.id === 'incident-1' ? { ...one, burnRates: points } : one,
  )
  return { ...input, incidents }
}

test('bad events of an incident and its share of the budget are those that were counted, not an estimate', () => {
  const report = buildReport(incidentWith(pointsOf('incident-1', at, [10, 20, 0, 400])))
  const line = report.incidents.find(({ id }) => id === 'incident-1')
  const slo = report.slos.find(({ id }) => id === 'checkout-availability')
  assert.ok(line && slo)
  assert.equal(line.badEvents, 430)
  assert.equal(line.isEstimated, false)
  assert.equal(line.windowSpent, 430 / 5_000)
  assert.ok(Math.abs((line.budgetSpent ?? 0) - 430 / slo.judged.allowed) < 1e-12)
})

test('incidents of before events were counted with them are told as estimates', () => {
  const { incidents } = buildReport(shopReport({}))
  const ofBefore = incidents.filter(({ id }) => ['incident-0', 'incident-1'].includes(id))
  assert.equal(ofBefore.length, 2)
  assert.ok(ofBefore.every(({ isEstimated, windowSpent }) => isEstimated && windowSpent === null))
})

test('an incident over the end of a period has its part in either, and both parts are the whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(500), { minLength: 2, maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (steps, share) => {
        const points = pointsOf('incident-1', at, steps)
        const end = at + steps.length * minute
        const cut = at + share * (end - at)
        const part = (from: number, to: number) =>
          countedSpent({ incident: shopReport({}).incidents[1].incident, events: [], burnRates: points }, from, to)
            ?.bad ?? 0
        const whole = steps.reduce((a, b) => a + b, 0)
        const [before, after] = [part(at - hour, cut), part(cut, end + hour)]
        assert.ok(Math.abs(before + after - whole) < 1e-6)
        // The part before the cut, step by step, with the step that is cut in two given by its share.
        const expected = steps.reduce((sum, bad, index) => {
          return sum + bad * Math.min(1, Math.max(0, (cut - (at + index * minute)) / minute))
        }, 0)
        assert.ok(Math.abs(before - expected) < 1e-6, `${before}, not ${expected}`)
      },
    ),
    { numRuns: 100 },
  )
})

test('a scope that changed in mid-incident is counted anew from the beginning, and only the last one counts', () => {
  const [first, ...rest] = pointsOf('incident-1', at, [50, 60, 70])
  const inEu = { ...first, readings: first.readings.map((one) => ({ ...one, scope: 'eu-west-1' })) }
  const { incident, events } = shopReport({}).incidents[1]
  assert.equal(countedSpent({ incident, events, burnRates: [inEu, ...rest] }, at - hour, at + hour)?.bad, 180)
})
