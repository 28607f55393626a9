import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueryAnswer } from '../../../src/ingest/prometheus-api/query-answer.ts'
import { spanEvents } from '../../../src/ingest/prometheus-api/span-events.ts'

const minute = 60_000
const failed: QueryAnswer = { kind: 'unknown', outcome: 'failed', reason: 'HTTP 500' }
const partial: QueryAnswer = { kind: 'unknown', outcome: 'partial', reason: 'a store is missing' }
const empty: QueryAnswer = { kind: 'empty' }

function rate(answer: QueryAnswer | number) {
  return { query: 'sum(rate(a[1m]))', answer: answerOf(answer) }
}

function increase(answer: QueryAnswer | number) {
  return { query: 'sum(increase(a[1m]))', answer: answerOf(answer) }
}

function answerOf(answer: QueryAnswer | number): QueryAnswer {
  return typeof answer === 'number' ? { kind: 'number', value: answer } : answer
}

const known: readonly (readonly [string, ReturnType<typeof spanEvents>, { bad: number; total: number }])[] = [
  ['a rate is events a second', spanEvents({ given: 'bad' }, minute, rate(0.5), rate(10)), { bad: 30, total: 600 }],
  ['an increase is events', spanEvents({ given: 'bad' }, minute, increase(30), increase(600)), { bad: 30, total: 600 }],
  ['each by its own unit', spanEvents({ given: 'bad' }, 2 * minute, increase(30), rate(10)), { bad: 30, total: 1_200 }],
  ['what is not good is bad', spanEvents({ given: 'good' }, minute, rate(9), rate(10)), { bad: 60, total: 600 }],
  ['no failures have no series', spanEvents({ given: 'bad' }, minute, rate(empty), rate(10)), { bad: 0, total: 600 }],
  [
    'no successes have none either',
    spanEvents({ given: 'good' }, minute, rate(empty), rate(10)),
    { bad: 600, total: 600 },
  ],
  ['no traffic is known to be none', spanEvents({ given: 'bad' }, minute, rate(0), rate(0)), { bad: 0, total: 0 }],
  ['bad is never more than all', spanEvents({ given: 'bad' }, minute, rate(10.1), rate(10)), { bad: 600, total: 600 }],
  ['bad is never less than none', spanEvents({ given: 'bad' }, minute, rate(-0.1), rate(10)), { bad: 0, total: 600 }],
  ['nor is it by what is good', spanEvents({ given: 'good' }, minute, rate(10.1), rate(10)), { bad: 0, total: 600 }],
  [
    'of a share every millisecond is an event',
    spanEvents({ given: 'error-ratio' }, minute, { query: '1 - a', answer: answerOf(0.25) }, undefined),
    { bad: 15_000, total: 60_000 },
  ],
  [
    'rounding does not make a share wrong',
    spanEvents({ given: 'error-ratio' }, minute, { query: '1 - a', answer: answerOf(-1e-12) }, undefined),
    { bad: 0, total: 60_000 },
  ],
]
for (const [what, events, counts] of known) {
  test(what, () => assert.deepEqual(events, { kind: 'known', counts }))
}

const share = (answer: QueryAnswer | number) =>
  spanEvents({ given: 'error-ratio' }, minute, { query: 'x', answer: answerOf(answer) }, undefined)

const unknown: readonly (readonly [string, ReturnType<typeof spanEvents>, string, RegExp])[] = [
  ['a failure', spanEvents({ given: 'bad' }, minute, rate(failed), rate(10)), 'failed', /HTTP 500/],
  ['a total that failed', spanEvents({ given: 'bad' }, minute, rate(1), rate(failed)), 'failed', /HTTP 500/],
  ['a partial answer', spanEvents({ given: 'bad' }, minute, rate(partial), rate(10)), 'partial', /a store is missing/],
  ['a partial total', spanEvents({ given: 'bad' }, minute, rate(1), rate(partial)), 'partial', /a store is missing/],
  [
    'a total without series',
    spanEvents({ given: 'bad' }, minute, rate(empty), rate(empty)),
    'empty',
    /total has no series/,
  ],
  [
    'a total without series beside failures',
    spanEvents({ given: 'bad' }, minute, rate(1), rate(empty)),
    'empty',
    /total/,
  ],
  ['a negative total', spanEvents({ given: 'bad' }, minute, rate(0), rate(-1)), 'failed', /fewer than none/],
  ['a share without series', share(empty), 'empty', /share of bad events has no series/],
  ['a share that failed', share(failed), 'failed', /HTTP 500/],
  ['a percentage', share(12), 'failed', /12, which is no share/],
]
for (const [what, events, outcome, reason] of unknown) {
  test(`${what} makes the span unknown: ${outcome}`, () => {
    assert.ok(events.kind === 'unknown')
    assert.equal(events.outcome, outcome)
    assert.match(events.reason, reason)
  })
}
