import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageChange, Notification } from '../../src/core/model/notification.ts'
import { dayMs, hourMs, minuteMs } from '../../src/core/model/units.ts'
import { wordingOf } from '../../src/delivery/wording.ts'
import { aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'
import { stories } from '../support/delivery-stories.ts'

function began(earlierMs: number): Notification {
  return aNotification({ spent: { since: firedAt - earlierMs, bad: 1, ofBudget: null } })
}

/** What a page says of a budget that is gone in so long at the burn rate of the moment. */
function lasting(timeToExhaustionMs: number): string | undefined {
  const exhaustion = { lowMs: 4 * hourMs, highMs: 6.5 * hourMs }
  const budget = { bad: 812_000, total: 2_098_000_000, remaining: 0.613, timeToExhaustionMs, exhaustion }
  return factOf(aNotification({ budget }), 'Error budget')
}

function factOf(notification: Notification, name: string): string | undefined {
  return wordingOf(notification).facts.find((fact) => fact.name === name)?.text
}

test('a page says what fails, since when, where, how fast the budget goes and which rule held, in this order', () => {
  const { title, preview, verdict, facts } = wordingOf(aNotification())
  assert.equal(title, '🔴 PAGE SEV2 · checkout-availability · eu-west-1')
  assert.equal(preview, '🔴 PAGE SEV2 checkout-availability · eu-west-1 · 91× burn · budget gone in 4h51m')
  assert.deepEqual(verdict, {
    failing: '9.1 % of requests fail',
    allowed: '0.10 % allowed (objective 99.9 % / 30d)',
  })
  assert.deepEqual(facts, [
    { name: 'Failed requests', text: '22,168 of 243,600 (5m) · 53,200 of 2,923,200 (1h)' },
    { name: 'Since', text: '2026-11-21 02:41 UTC (12m)' },
    {
      name: 'Where',
      text: 'eu-west-1 91× (99.6 % of failures) · us-east-1 0.4× (0.40 % of failures) · ap-south-1 cannot be seen',
    },
    { name: 'Burn rate', text: '91× (5m) · 18.2× (1h) — pages at 14.4×' },
    { name: 'Error budget', text: '61.3 % left (1.29 M requests) · empty in 4h51m at this rate' },
    { name: 'Rule', text: 'above 14.4× over both 1h and 5m' },
  ])
})

test('gives no range for what the budget lasts where it contradicts the burn rate of the moment', () => {
  assert.match(lasting(5 * hourMs) ?? '', /empty in 5h at this rate \(likely 4h to 6h30m\)$/)
  assert.match(lasting(5 * dayMs) ?? '', /empty in 5d at this rate$/)
  assert.match(lasting(10 * minuteMs) ?? '', /empty in 10m at this rate$/)
})

test('a resolve says how long it was and what is left', () => {
  const { title, preview, verdict } = wordingOf(aResolve())
  assert.equal(title, '✅ RESOLVED · checkout-availability · eu-west-1')
  assert.equal(preview, '✅ Resolved checkout-availability · eu-west-1 after 38m · 55.8 % left')
  assert.equal(verdict.failing, 'Resolved after 38m. Now 0.0049 % of requests fail')
  assert.equal(factOf(aResolve(), 'When'), '2026-11-21 02:41 UTC to 2026-11-21 03:19 UTC (38m)')
  assert.equal(factOf(aResolve(), 'Burn rate'), '0.049× (5m) · 57.6× (1h) — paged at 14.4×')
})

test('what it has cost is told where it is known, at its end in the preview as well', () => {
  const spent = { since: firedAt, bad: 168_500, ofBudget: 0.0803 }
  assert.equal(factOf(aNotification({ spent }), 'This incident'), '168,500 requests failed · 8.0 % of the budget spent')
  assert.equal(
    wordingOf(aResolve({ spent })).preview,
    '✅ Resolved checkout-availability · eu-west-1 after 38m · 8.0 % of the budget spent · 55.8 % left',
  )
  assert.equal(
    factOf(aNotification({ spent: { ...spent, ofBudget: null } }), 'This incident'),
    '168,500 requests failed',
  )
  assert.equal(factOf(aNotification(), 'This incident'), undefined)
  const unspent = { ...spent, bad: 0, ofBudget: 0 }
  assert.equal(factOf(aNotification({ spent: unspent }), 'This incident'), undefined, 'it opened a moment ago')
})

test('how long before the alert it began is told, where that is a minute or more', () => {
  assert.equal(factOf(began(4 * minuteMs), 'Since'), '2026-11-21 02:41 UTC (12m), began 4m earlier')
  assert.equal(factOf(began(minuteMs - 1), 'Since'), '2026-11-21 02:41 UTC (12m)')
})

test('a ticket is told apart from a page', () => {
  const ticket = aNotification({ severity: 'ticket' })
  assert.equal(wordingOf(ticket).title, '🟠 TICKET SEV4 · checkout-availability · eu-west-1')
  assert.match(factOf(ticket, 'Burn rate') ?? '', /ticket at 14\.4×$/)
})

test('what is not known is said, never written as zero', () => {
  const blind = { bad: 0, total: 0, errorRatio: null, burnRate: null }
  const notification = aNotification({
    short: blind,
    long: blind,
    budget: { bad: 0, total: 0, remaining: null, timeToExhaustionMs: null },
    regions: [{ region: 'eu-west-1', burnRate: null, state: 'stale', share: null }],
  })
  assert.equal(wordingOf(notification).verdict.failing, 'No requests in the last 5m')
  assert.equal(factOf(notification, 'Burn rate'), '— (5m) · — (1h) — pages at 14.4×')
  assert.equal(factOf(notification, 'Error budget'), '— left')
  assert.equal(factOf(notification, 'Where'), 'eu-west-1 is not heard of right now')
})

test('an overspent budget says by how much', () => {
  const spent = aNotification({ budget: { bad: 1, total: 1, remaining: -0.123, timeToExhaustionMs: null } })
  assert.equal(factOf(spent, 'Error budget'), 'overspent by 12.3 %')
})

test('an alert that fired this moment has no duration yet', () => {
  assert.equal(factOf(aNotification({ at: firedAt }), 'Since'), '2026-11-21 02:41 UTC')
  assert.equal(factOf(aNotification({ at: firedAt + minuteMs }), 'Since'), '2026-11-21 02:41 UTC (1m)')
})

test('the global scope is named, and a region that is not in the list', () => {
  const regions = [{ region: 'eu-west-1', burnRate: 91, state: 'ok', share: null }] as const
  assert.equal(factOf(aNotification({ scope: 'global', regions }), 'Where'), 'all regions together: eu-west-1 91×')
  assert.equal(factOf(aNotification({ scope: 'ap-south-1', regions }), 'Where'), 'ap-south-1: eu-west-1 91×')
  assert.equal(factOf(aNotification({ scope: 'ap-south-1', regions: [] }), 'Where'), 'ap-south-1')
})

test('many regions are cut to the own one and the worst, twenty in all, and counted', () => {
  const regions = Array.from({ length: 50 }, (_, index) => {
    return { region: `r${index}`, burnRate: index, state: 'ok', share: null } as const
  })
  const where = factOf(aNotification({ scope: 'r3', regions }), 'Where') ?? ''
  assert.match(where, /^r3 3× · r49 49× · r48 48×/)
  assert.match(where, /r31 31× · and 30 more$/)
})

test('endless names leave room for the rest', () => {
  const endless = '\u{1f525}'.repeat(100_000)
  const notification = aNotification({ slo: endless, description: endless, labels: { a: endless }, scope: endless })
  assert.ok(JSON.stringify(wordingOf(notification)).length < 10_000)
})

test('links that are no web addresses are left out', () => {
  const { links } = wordingOf(aNotification({ runbook: 'javascript:alert(1)', dashboard: null }))
  assert.deepEqual(links, [])
})

test('names with line breaks stay on their line', () => {
  const { title, footer } = wordingOf(aNotification({ slo: 'a\r\nBcc: b', labels: { team: 'x\ny' } }))
  assert.equal(title, '🔴 PAGE SEV2 · a Bcc: b · eu-west-1')
  assert.doesNotMatch(footer, /[\r\n]/)
})

/** Nothing can be seen since it fired. */
const unseen = {
  cause: 'blind',
  state: 'no-data',
  since: firedAt,
  events: null,
  usualEvents: null,
  overMs: null,
} as const

test('what cannot be seen looks different, and what is looked after says so', () => {
  const acknowledgement = { by: 'ana', at: firedAt, until: firedAt + 1 }
  assert.match(wordingOf(aNotification({ acknowledgement })).title, /^🔴 .* · acknowledged by ana$/)
  assert.match(wordingOf(aNotification({ data: unseen })).title, /^🟣 PAGE SEV2/)
  assert.match(
    wordingOf(aResolve({ data: unseen, acknowledgement })).title,
    /^✅ RESOLVED · checkout-availability · eu-west-1$/,
  )
})

test('the end of an alert about data says that it can be seen again, where that is so', () => {
  const data = { since: firedAt, events: null, usualEvents: null, overMs: null } as const
  const ended = (cause: 'blind' | 'traffic-gone', state: 'ok' | 'no-data') =>
    wordingOf(aResolve({ data: { ...data, cause, state } })).verdict.failing
  assert.equal(ended('blind', 'ok'), 'Resolved after 38m. eu-west-1 can be seen again')
  assert.equal(ended('blind', 'no-data'), 'Resolved after 38m.')
  assert.equal(ended('traffic-gone', 'ok'), 'Resolved after 38m.')
})

test('the order is that of the questions of who was woken', () => {
  const { facts } = wordingOf(stories['escalated'].notification)
  assert.deepEqual(
    facts.map(({ name }) => name),
    [
      'Failed requests',
      'Since',
      'Where',
      'Burn rate',
      'Error budget',
      'This incident',
      'Traffic',
      'Last 6h',
      'What changed',
      'Example traces',
      'Rule',
      'Evidence',
      'Why now',
    ],
  )
})

test('what is told again, or to others, says why; an opening and what only brings up to date do not', () => {
  const whyNow = (change: MessageChange, wakes = true) => factOf(aNotification({ change, wakes }), 'Why now')
  assert.equal(whyNow('opened'), undefined)
  assert.equal(whyNow('escalated', false), undefined)
  assert.equal(factOf(aResolve(), 'Why now'), undefined)
  assert.equal(whyNow('escalated'), 'it got worse')
  assert.equal(whyNow('unsilenced'), 'what kept it quiet has ended, and it goes on')
  assert.equal(whyNow('repeated'), 'it goes on, and nobody looks after it')
  assert.equal(whyNow('handed-on'), 'nobody acknowledged it where it was told first')
  assert.equal(whyNow('fell-back'), 'it did not reach everybody who was to be told, or not in time')
})

test('of a page that has calmed down to a slow burn no line says that it pages', () => {
  const [alert] = aNotification().alerts
  const over = { ...alert, resolvedAt: firedAt + 5 * minuteMs }
  const slow = { ...alert, severity: 'ticket' } as const
  const calmed = aNotification({ alerts: [slow, over], rule: { longMs: dayMs, shortMs: 2 * hourMs, burnRate: 3 } })
  assert.match(factOf(calmed, 'Burn rate') ?? '', /ticket at 3×$/)
  assert.equal(factOf(calmed, 'Right now'), 'nothing pages any more; what burns slowly goes on')
  assert.equal(factOf(aNotification({ alerts: [alert, slow] }), 'Right now'), undefined)
  assert.match(factOf(aNotification({ alerts: [] }), 'Burn rate') ?? '', /pages at/, 'as an earlier version stored it')
})

test('of what waits for whether it is over every message says so', () => {
  const [alert] = aNotification().alerts
  const quiet = aNotification({ alerts: [{ ...alert, resolvedAt: firedAt + 5 * minuteMs }] })
  assert.equal(factOf(quiet, 'Right now'), 'nothing alerts since 2026-11-21 02:46 UTC; it is over when that stays so')
  assert.match(factOf(quiet, 'Burn rate') ?? '', /pages at/)
  assert.equal(factOf(aResolve(), 'Right now'), undefined)
})

test('nobody is told that something is resolved because its rule is gone', () => {
  const { title, preview, verdict } = wordingOf(aResolve({ unwatched: true }))
  assert.equal(title, '⚪ NOT WATCHED ANY MORE · checkout-availability · eu-west-1')
  assert.equal(preview, '⚪ NOT WATCHED ANY MORE checkout-availability · eu-west-1 after 38m · 55.8 % left')
  assert.equal(
    verdict.failing,
    'Not watched any more after 38m, since its rule or its region is gone. Last seen: 0.0049 % of requests fail',
  )
  assert.match(
    wordingOf(aResolve({ unwatched: true, data: unseen })).verdict.failing,
    /^Not watched any more after 38m/,
  )
})
