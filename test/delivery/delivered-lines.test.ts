import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveredLinesPerSecondMax } from '../../src/core/model/limits.ts'
import { secondMs } from '../../src/core/model/units.ts'
import { deliveredLines } from '../../src/delivery/delivered-lines.ts'
import { type LogFields, silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'

test('each message that arrives has its line while they are few', () => {
  const { arrived, lines } = aLog()
  arrived.say({ delivery: 'a' })
  arrived.say({ delivery: 'b' })
  arrived.rest()
  assert.deepEqual(lines, ['delivered a', 'delivered b'])
})

test('of a burst the first of each second have theirs, and what was left out is counted in one', () => {
  const { arrived, lines, clock } = aLog()
  for (let message = 0; message < deliveredLinesPerSecondMax + 70; message++) arrived.say({ delivery: String(message) })
  assert.equal(lines.length, deliveredLinesPerSecondMax)
  clock.now += secondMs
  arrived.say({ delivery: 'later' })
  assert.deepEqual(lines.slice(deliveredLinesPerSecondMax), ['70 more were delivered', 'delivered later'])
  arrived.rest()
  assert.equal(lines.length, deliveredLinesPerSecondMax + 2)
})

test('a clock that is put back leaves nothing out for longer', () => {
  const { arrived, lines, clock } = aLog()
  for (let message = 0; message <= deliveredLinesPerSecondMax; message++) arrived.say({ delivery: String(message) })
  clock.now -= 1_000 * secondMs
  arrived.say({ delivery: 'after' })
  assert.deepEqual(lines.slice(-2), ['1 more were delivered', 'delivered after'])
})

function aLog() {
  const clock = { now: 0 }
  const lines: string[] = []
  const info = ({ delivery, deliveries }: LogFields, message: string): void => {
    lines.push(
      typeof deliveries === 'number'
        ? `${deliveries} ${message}`
        : `${message} ${typeof delivery === 'string' ? delivery : ''}`,
    )
  }
  const world = {
    clock: { now: () => clock.now, sleepUntil: () => Promise.resolve() },
    log: { ...silentLog, info },
    meter: silentMeter,
  }
  return { arrived: deliveredLines(world), lines, clock }
}
