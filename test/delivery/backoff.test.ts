import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Outcome } from '../../src/core/model/delivery.ts'
import {
  pageRetryMaxMs,
  retryAfterMaxMs,
  ticketDeliveryAgeMaxMs,
  ticketRetryMaxMs,
} from '../../src/core/model/limits.ts'
import { dayMs, minuteMs, secondMs } from '../../src/core/model/units.ts'
import { backoff, nextAttemptAt } from '../../src/delivery/backoff.ts'
import { aDelivery, aNotification, firedAt } from '../support/delivery-messages.ts'

const page = aDelivery(aNotification(), { createdAt: firedAt })
const ticket = aDelivery(aNotification({ severity: 'ticket' }), { createdAt: firedAt })
const failed: Outcome = { kind: 'retry', reason: 'HTTP 503' }
const lost: Outcome = { kind: 'ambiguous', reason: 'connection lost' }
const half = (): number => 0.5

describe('backoff', () => {
  test('doubles its bound with each attempt up to the longest pause', () => {
    const bounds = [1, 2, 3, 4, 7, 8, 40].map((attempt) => backoff(attempt, minuteMs, () => 1))
    assert.deepEqual(bounds, [1_000, 2_000, 4_000, 8_000, 60_000, 60_000, 60_000])
  })

  test('lies within its bounds for every attempt and every draw', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, draw) => {
        const pause = backoff(attempt, pageRetryMaxMs, () => draw)
        assert.ok(pause >= 0 && pause <= pageRetryMaxMs)
      }),
      { seed: 7 },
    )
  })
})

describe('the next attempt', () => {
  test('does not come after a message was delivered or refused', () => {
    assert.equal(nextAttemptAt(page, { kind: 'delivered' }, firedAt, half), undefined)
    assert.equal(nextAttemptAt(page, { kind: 'rejected', reason: 'HTTP 404' }, firedAt, half), undefined)
  })

  test('comes within a minute for a page and within ten for a ticket, however often it failed', () => {
    const tired = { attempt: 1_000 }
    assert.equal(
      nextAttemptAt({ ...page, ...tired }, failed, firedAt, () => 1),
      firedAt + pageRetryMaxMs,
    )
    assert.equal(
      nextAttemptAt({ ...ticket, ...tired }, failed, firedAt, () => 1),
      firedAt + ticketRetryMaxMs,
    )
  })

  test('comes when the receiver asks for it, between a second and five minutes', () => {
    assert.deepEqual([0, 999, 1_000, 30_000, dayMs].map(whenAsked), [1_000, 1_000, 1_000, 30_000, retryAfterMaxMs])
  })

  test('comes soon for a page that may have arrived, and late for such a ticket', () => {
    assert.equal(nextAttemptAt(page, lost, firedAt, half), firedAt + secondMs / 2)
    assert.equal(
      nextAttemptAt(ticket, lost, firedAt, () => 0),
      firedAt + 5 * minuteMs,
    )
    assert.equal(
      nextAttemptAt(ticket, lost, firedAt, () => 1),
      firedAt + 10 * minuteMs,
    )
  })

  test('does not come for a ticket that is a day old, and always for a page', () => {
    const old = firedAt + ticketDeliveryAgeMaxMs
    for (const outcome of [failed, lost]) {
      assert.equal(nextAttemptAt(ticket, outcome, old, half), undefined)
      assert.ok(nextAttemptAt(ticket, outcome, old - 1, half) !== undefined)
      assert.ok(nextAttemptAt(page, outcome, firedAt + 365 * dayMs, half) !== undefined)
    }
  })
})

function whenAsked(afterMs: number): number | undefined {
  return nextAttemptAt(page, { kind: 'retry', reason: 'HTTP 429', afterMs }, 0, half)
}
