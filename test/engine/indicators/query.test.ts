import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Engine } from '../../../src/engine/engine.ts'
import { readScope, type ScopeReading } from '../../../src/engine/read-scope.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { aRule } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, everythingToOncall, RememberingStore, send } from '../../support/engine-world.ts'
import { querySlo, ratioSlo } from '../../support/indicator-slos.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)
const delayMs = 15_000
const rules = [aRule('page', 20 * minute, 5 * minute, '10')]

test('answers are the events of their spans, spread evenly, whatever the spans are', async () => {
  const spans = fc.array(
    fc.record({
      gap: fc.constantFrom(0, 0, 0, 1, 30),
      steps: fc.integer({ min: 1, max: 12 }),
      bad: fc.nat(50),
      good: fc.nat(500),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  )
  await holdsForAllAsync(
    fc.asyncProperty(spans, async (drawn) => {
      const engine = anEngine({ slos: [querySlo()], delayMs })
      const booked: { from: number; to: number; bad: number; total: number }[] = []
      let at = start
      for (const { gap, steps, bad, good } of drawn) {
        const from = at + gap * step
        at = from + steps * step
        booked.push({ from, to: at, bad: bad * steps, total: (bad + good) * steps })
        assert.ok(answer(engine, from, at, bad * steps, (bad + good) * steps))
        await evaluateAll(engine)
        assert.equal(engine.evaluatedAt('eu'), at, 'an answer is complete: it waits for nothing')
        for (const windowMs of [5 * minute, 30 * minute]) {
          const counts = reading(engine, 'eu', at).counts(windowMs)
          for (const kind of ['bad', 'total'] as const) {
            const expected = booked.reduce((sum, span) => sum + span[kind] * shareWithin(span, at - windowMs, at), 0)
            assert.ok(Math.abs(counts[kind] - expected) < 1e-6, `${counts[kind]} ${kind} events, not ${expected}`)
          }
        }
      }
    }),
  )
})

test('an alert fires and resolves by answers alone, in the region and globally', async () => {
  const store = new RememberingStore()
  const engine = anEngine({ slos: [querySlo({}, { rules })], store, delayMs })
  for (let index = 0; index <= 60; index++) {
    answerMinute(engine, index, index >= 20 && index < 30 ? 60 : 0)
    await evaluateAll(engine)
  }
  assert.deepEqual(
    store.episodes.map(({ id, resolvedAt }) => [id.scope, resolvedAt !== null]),
    [
      ['eu', true],
      ['global', true],
    ],
  )
})

for (const otherData of [false, true]) {
  test(`no answer resolves nothing${otherData ? ', also where other data of the region goes on' : ''}`, async () => {
    const store = new RememberingStore()
    const engine = anEngine({ slos: [querySlo({}, { rules }), ratioSlo({ name: 'other' })], store, delayMs })
    for (let index = 0; index <= 200; index++) {
      if (index <= 30) answerMinute(engine, index, index >= 20 ? 60 : 0)
      if (otherData) sampleAt(engine, start + index * minute)
      await evaluateAll(engine)
    }
    const opened = store.episodes.filter(({ id }) => id.slo === 'checkout')
    assert.equal(opened.length, 2)
    for (const { resolvedAt } of opened) assert.equal(resolvedAt, null)
    assert.ok(reading(engine, 'eu', start + 200 * minute).state() === 'no-data')
  })
}

test('what was not answered is not covered, and not zero', async () => {
  const engine = anEngine({ slos: [querySlo()], delayMs })
  for (let index = 0; index <= 60; index++) {
    if (index <= 20 || index > 40) answerMinute(engine, index, 6)
    await evaluateAll(engine)
  }
  const known = reading(engine, 'eu', start + 60 * minute)
  assert.deepEqual(known.counts(hour), { bad: 40 * 6, total: 40 * 600 })
  assert.equal(known.coverage(hour), 40 / 60)
})

test('no part of time is booked twice', () => {
  const engine = anEngine({ slos: [querySlo()], delayMs })
  assert.equal(answer(engine, start, start + minute, 1, 10), true)
  assert.equal(answer(engine, start, start + minute, 1, 10), false)
  assert.equal(answer(engine, start + 30_000, start + 90_000, 1, 10), false)
  assert.equal(answer(engine, start + minute, start + minute, 1, 10), false)
  assert.equal(answer(engine, start + minute, start + 2 * minute, 2, 10), true)
  assert.deepEqual(reading(engine, 'eu', start + 2 * minute).counts(hour), { bad: 3, total: 20 })
})

test('answers go on over a restart where the checkpoint stands', async () => {
  const store = new RememberingStore()
  const slos = [querySlo({}, { rules })]
  const engine = anEngine({ slos, store, delayMs })
  for (let index = 0; index <= 30; index++) {
    answerMinute(engine, index, 6)
    await evaluateAll(engine)
    if (index === 25) await engine.checkpoint()
  }
  const after = anEngine({ slos, store: store.copy(), delayMs })
  await after.restore()
  const [question] = after.answers.questions()
  assert.equal(after.answers.answeredUntil(question, 'eu'), start + 25 * minute, 'what came after is to be asked again')
  assert.equal(after.answers.answeredUntil(question, 'us'), undefined)
  assert.ok(answer(after, start + 25 * minute, start + 31 * minute, 36, 3_600))
  await evaluateAll(after)
  assert.deepEqual(reading(after, 'eu', start + 31 * minute).counts(hour), { bad: 31 * 6, total: 31 * 600 })
})

test('an SLO that asks the same keeps its answers over a reload, one that asks anew starts anew', async () => {
  const engine = anEngine({ slos: [querySlo()], delayMs })
  for (let index = 0; index <= 20; index++) answerMinute(engine, index, 6)
  const [before] = engine.answers.questions()
  engine.reload([querySlo({}, { objective: '0.9' })], everythingToOncall)
  const [same] = engine.answers.questions()
  assert.equal(engine.answers.answeredUntil(same, 'eu'), start + 20 * minute)
  assert.deepEqual(reading(engine, 'eu', start + 20 * minute).counts(hour), { bad: 120, total: 12_000 })
  engine.reload([querySlo({ query: 'sum(increase(bad[$window]))' })], everythingToOncall)
  const [other] = engine.answers.questions()
  assert.equal(engine.answers.answeredUntil(other, 'eu'), undefined)
  const late = { region: 'eu', from: start + 20 * minute, to: start + 21 * minute, bad: 6, total: 600 }
  assert.equal(engine.answers.book(before, late), false, 'the answer to the old question')
  assert.equal(engine.answers.book(other, late), true)
  assert.deepEqual(reading(engine, 'eu', start + 21 * minute).counts(hour), { bad: 6, total: 600 })
})

test('only SLOs with a query are asked for', () => {
  const engine = anEngine({ slos: [ratioSlo({ name: 'counted' }), querySlo({}, { name: 'asked' })] })
  assert.deepEqual(
    engine.answers.questions().map(({ slo }) => slo),
    ['asked'],
  )
  const stranger = { slo: 'counted', indicator: engine.answers.questions()[0].indicator }
  assert.equal(
    engine.answers.book(stranger, { region: 'eu', from: start, to: start + minute, bad: 0, total: 1 }),
    false,
  )
})

test('where samples and answers come to one region, its samples are waited for as long as they come', async () => {
  const engine = anEngine({ slos: [querySlo(), ratioSlo({ name: 'other' })], delayMs })
  sampleAt(engine, start)
  sampleAt(engine, start + minute)
  answer(engine, start, start + 2 * minute, 0, 600)
  await evaluateAll(engine)
  assert.equal(engine.evaluatedAt('eu'), start + minute - delayMs)
  answer(engine, start + 2 * minute, start + 10 * minute, 0, 600)
  await evaluateAll(engine)
  assert.equal(engine.evaluatedAt('eu'), start + 10 * minute, 'samples that have stopped are not')
})

test('the global scope goes on without a region whose API is silent, and says so', async () => {
  const engine = anEngine({ slos: [querySlo()], delayMs })
  for (let index = 1; index <= 30; index++) {
    answer(engine, start + (index - 1) * minute, start + index * minute, 6, 600)
    if (index <= 10) answer(engine, start + (index - 1) * minute, start + index * minute, 6, 600, 'us')
    await evaluateAll(engine)
  }
  assert.equal(engine.evaluatedAt('us'), start + 10 * minute)
  assert.equal(engine.evaluatedAt('global'), start + 30 * minute)
  assert.equal(reading(engine, 'global', start + 30 * minute).state(), 'partial')
})

/** Ten requests a second in the minute that ends so many minutes after the start. */
function answerMinute(engine: Engine, index: number, bad: number): void {
  if (index > 0) answer(engine, start + (index - 1) * minute, start + index * minute, bad, 600)
}

function answer(engine: Engine, from: number, to: number, bad: number, total: number, region = 'eu'): boolean {
  return engine.answers.book(engine.answers.questions()[0], { region, from, to, bad, total })
}

function sampleAt(engine: Engine, time: number): void {
  send(engine.sink, [{ labels: { __name__: 'total', region: 'eu' }, time, value: (time - start) / 100 }])
}

function shareWithin({ from, to }: { from: number; to: number }, since: number, until: number): number {
  return Math.max(0, Math.min(to, until) - Math.max(from, since)) / (to - from)
}

function reading(engine: Engine, scope: string, at: number): ScopeReading {
  const compiled = engine.counting.slos.get('checkout')
  assert.ok(compiled)
  return readScope(engine.counting, compiled, scope, at)
}
