import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outcome } from '../../src/core/model/delivery.ts'
import { secondMs } from '../../src/core/model/units.ts'
import { attemptsUnderWay } from '../../src/delivery/attempts-under-way.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const arrived: Outcome = { kind: 'delivered' }

describe('attempts under way', () => {
  test('end with what the receiver answers', async () => {
    const attempts = attemptsUnderWay(new VirtualClock(0))
    assert.deepEqual(await attempts.run(secondMs, async () => arrived), arrived)
  })

  test('are each aborted at their own limit, however many there are, and left behind a second later', async () => {
    const clock = new VirtualClock(0)
    const attempts = attemptsUnderWay(clock)
    const ends: string[] = []
    const limits = [30, 10, 20].map((limit) => limit * secondMs)
    const running = limits.map(async (limitMs) => {
      const outcome = await attempts.run(limitMs, (signal) => {
        signal.addEventListener('abort', () => ends.push(`${limitMs} aborted at ${clock.now()}`))
        return new Promise(() => {})
      })
      ends.push(`${limitMs} left at ${clock.now()}`)
      return outcome
    })
    await clock.advance(60 * secondMs)
    assert.deepEqual(ends, [
      '10000 aborted at 10000',
      '10000 left at 11000',
      '20000 aborted at 20000',
      '20000 left at 21000',
      '30000 aborted at 30000',
      '30000 left at 31000',
    ])
    assert.deepEqual((await Promise.all(running))[1], { kind: 'ambiguous', reason: 'no answer within 10s' })
  })

  test('that begin while others are under way have all of their time', async () => {
    const clock = new VirtualClock(0)
    const attempts = attemptsUnderWay(clock)
    const aborted: number[] = []
    const begin = () =>
      attempts.run(10 * secondMs, (signal) => {
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push(clock.now())
            resolve(arrived)
          })
        })
      })
    const first = begin()
    await clock.advance(4 * secondMs)
    const second = begin()
    await clock.advance(20 * secondMs)
    assert.deepEqual(aborted, [10 * secondMs, 14 * secondMs])
    assert.deepEqual([await first, await second], [arrived, arrived])
  })

  test('are all aborted at once where delivery stops, with the reason, and left behind a second later', async () => {
    const clock = new VirtualClock(0)
    const attempts = attemptsUnderWay(clock)
    const reasons: unknown[] = []
    const running = attempts.run(10 * secondMs, (signal) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      return new Promise(() => {})
    })
    const reason = new Error('the process stops')
    attempts.abortAll(reason)
    await clock.advance(2 * secondMs)
    assert.deepEqual(reasons, [reason])
    assert.equal((await running).kind, 'ambiguous')
  })
})
