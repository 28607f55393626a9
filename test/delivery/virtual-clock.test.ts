import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VirtualClock } from '../support/virtual-clock.ts'

const never = new AbortController().signal

test('wakes sleepers in the order of their times, each at its own time', async () => {
  const clock = new VirtualClock(100)
  const woken: string[] = []
  const sleepers = [30, 10, 20].map(async (delay) => {
    await clock.sleepUntil(100 + delay, never)
    woken.push(`${delay} at ${clock.now()}`)
  })
  await clock.advance(25)
  assert.deepEqual(woken, ['10 at 110', '20 at 120'])
  assert.equal(clock.now(), 125)
  await clock.advance(5)
  await Promise.all(sleepers)
  assert.deepEqual(woken, ['10 at 110', '20 at 120', '30 at 130'])
})

test('lets what wakes fall asleep again within one advance', async () => {
  const clock = new VirtualClock(0)
  let ticks = 0
  const ticking = (async () => {
    for (; ticks < 10; ticks += 1) await clock.sleepUntil(clock.now() + 10, never)
  })()
  await clock.advance(95)
  assert.equal(ticks, 9)
  await clock.advance(5)
  await ticking
})

test('a sleep ends with its signal, and a time that has come needs no sleep', async () => {
  const clock = new VirtualClock(0)
  const control = new AbortController()
  const sleep = clock.sleepUntil(10, control.signal)
  control.abort(new Error('enough'))
  await assert.rejects(sleep, /enough/)
  await assert.rejects(clock.sleepUntil(0, control.signal), /enough/)
  await clock.sleepUntil(0, never)
})
