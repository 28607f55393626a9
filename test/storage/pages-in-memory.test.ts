import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minuteMs } from '../../src/core/model/units.ts'
import { PagesInMemory } from '../../src/storage/emergency/pages-in-memory.ts'
import { aDelivery, aNewDelivery, aNotification, firedAt } from '../support/delivery-messages.ts'

const now = firedAt + minuteMs

test('a page behind another that is under way to the same address is not due, so that no lane turns in place', () => {
  const pages = new PagesInMemory()
  const [first, second] = [1, 2].map((revision) => aNewDelivery(aNotification({ revision, wakes: true })))
  const { receiver } = first
  pages.take([first], [], firedAt)
  const begun = pages.claim(receiver, now)
  assert.equal(begun?.delivery.id, first.id)
  pages.take([second], [], now)
  assert.equal(pages.claim(receiver, now), undefined)
  assert.equal(pages.nextDueAt(receiver), undefined)
  pages.settle(first.id, { kind: 'retry', reason: 'HTTP 503' }, now + minuteMs)
  assert.equal(pages.nextDueAt(receiver), now)
  assert.equal(pages.claim(receiver, now)?.delivery.id, second.id)
})

test('a page of which nobody knows whether it arrived is on its way still, until it has', () => {
  const pages = new PagesInMemory()
  const page = aNewDelivery()
  const progress = () => pages.progress(page.notification.key, page.episode, firedAt)
  pages.take([page], [], firedAt)
  pages.claim(page.receiver, now)
  pages.settle(page.id, { kind: 'ambiguous', reason: 'no answer' }, now)
  assert.deepEqual(progress(), { delivered: false, moving: true, waitingSince: firedAt })
  pages.claim(page.receiver, now)
  pages.settle(page.id, { kind: 'delivered' }, undefined)
  assert.deepEqual(progress(), { delivered: true, moving: false, waitingSince: null })
})

test('a page that is withdrawn during an attempt is not tried again, whoever handed it out', () => {
  const { key } = aNotification()
  const withdrawal = { key, episode: firedAt, remindersOnly: false, reason: 'silenced' }
  const pages = new PagesInMemory()
  const page = aNewDelivery()
  pages.take([page], [], firedAt)
  pages.claim(page.receiver, now)
  pages.take([], [withdrawal], now)
  pages.settle(page.id, { kind: 'retry', reason: 'HTTP 503' }, now)
  assert.equal(pages.claim(page.receiver, now + minuteMs), undefined)
  pages.retry(aDelivery(), now, true)
  assert.equal(pages.claim(page.receiver, now + minuteMs), undefined)
  const again = aNewDelivery(aNotification({ revision: 2, change: 'unsilenced' }))
  pages.take([again], [], now)
  assert.equal(pages.claim(page.receiver, now + minuteMs)?.delivery.id, again.id)
})
