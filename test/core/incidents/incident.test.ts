import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { minuteMs } from '../../../src/core/model/units.ts'
import { IncidentStory } from '../../support/incident-story.ts'

const byTier = [
  { match: { severity: 'page' }, receivers: ['pager'] },
  { match: { severity: 'ticket' }, receivers: ['tickets'] },
]

describe('alerts of one SLO', () => {
  test('make one incident, whatever their scope and severity: one page, no ticket, one end', () => {
    const story = new IncidentStory({ routes: byTier })
    story.fire('checkout eu page', 'checkout eu ticket', 'checkout global page', 'checkout global ticket').pass(20)
    story.resolve('checkout eu page', 'checkout global page').pass(60)
    story.resolve('checkout eu ticket', 'checkout global ticket').pass(5)
    assert.deepEqual(story.told, ['pager: opened page SEV1 checkout', 'pager: resolved page SEV1 checkout'])
    assert.equal(story.incidents.size, 1)
  })

  test('become a page within the incident when the ticket escalates, and the end goes to both', () => {
    const story = new IncidentStory({ routes: byTier })
    story.fire('checkout eu ticket').pass(10)
    assert.deepEqual(story.news(), ['tickets: opened ticket SEV3 checkout'])
    story.fire('checkout eu page').pass(10)
    assert.deepEqual(story.news(), ['pager: escalated page SEV2 checkout'])
    story.resolve('checkout eu page', 'checkout eu ticket').pass(5)
    assert.deepEqual(story.news(), ['tickets: resolved page SEV2 checkout', 'pager: resolved page SEV2 checkout'])
    assert.ok(story.decided.includes('escalated'))
  })

  test('list every region, and another region wakes nobody anew', () => {
    const story = new IncidentStory({ traits: { oncall: { takesUpdates: true } } })
    story.fire('checkout eu page').pass(2).fire('checkout us page').pass(2)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout', 'oncall: updated page SEV2 checkout'])
    const last = story.sent.at(-1)?.delivery.notification
    assert.ok(last?.kind === 'incident')
    assert.deepEqual(
      last.alerts.map(({ scope }) => scope),
      ['eu', 'us'],
    )
    assert.equal(last.wakes, false)
  })

  test('name the incident worse when all regions together burn, which wakes unless somebody was woken a moment ago', () => {
    const story = new IncidentStory()
    story.fire('checkout eu page').pass(0.5).fire('checkout global page').pass(5)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
    const later = new IncidentStory()
    later.fire('checkout eu page').pass(5).fire('checkout global page').pass(5)
    assert.deepEqual(later.news(), ['oncall: opened page SEV2 checkout', 'oncall: escalated page SEV1 checkout'])
  })

  test('have a key and ids made from configuration and time alone, so that a decision made twice is one', () => {
    const story = new IncidentStory()
    story.failOnce(() => story.fire('checkout eu page'))
    const [{ delivery }] = story.sent
    assert.equal(delivery.notification.key, 'checkout')
    assert.equal(story.sent.length, 1)
    const again = new IncidentStory().fire('checkout eu page')
    assert.equal(again.sent[0].delivery.id, delivery.id)
  })
})

describe('incidents of one service and region', () => {
  test('that open together are one, under the first of them, with its members listed', () => {
    const story = new IncidentStory()
    story.fire('checkout eu page').pass(2).fire('search eu page').pass(2)
    assert.equal(story.open.length, 1)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
    story.resolve('checkout eu page').pass(10)
    assert.deepEqual(story.news(), [], 'a member still burns')
    story.resolve('search eu page').pass(5)
    assert.deepEqual(story.news(), ['oncall: resolved page SEV2 checkout'])
    const last = story.sent.at(-1)?.delivery.notification
    assert.ok(last?.kind === 'incident')
    assert.ok(last.members.some(({ slo }) => slo === 'checkout' || slo === 'search'))
  })

  const apart: readonly [string, IncidentStory][] = [
    ['in another region', new IncidentStory().fire('checkout eu page').fire('search us page')],
    [
      'of another service',
      new IncidentStory({ services: { search: 'find' } }).fire('checkout eu page').fire('search eu page'),
    ],
    ['later', new IncidentStory().fire('checkout eu page').pass(6).fire('search eu page')],
    [
      'for other people',
      new IncidentStory({
        routes: [
          { match: { slo: 'checkout' }, receivers: ['a'] },
          { match: { slo: 'search' }, receivers: ['b'] },
        ],
      })
        .fire('checkout eu page')
        .fire('search eu page'),
    ],
  ]
  for (const [what, story] of apart) test(`that open ${what} stay apart`, () => assert.equal(story.open.length, 2))

  test('come in a notice to further people when what joins concerns them', () => {
    const routes = [
      { match: {}, receivers: ['oncall'] },
      { match: { scope: 'global' }, receivers: ['status-page'] },
    ]
    const story = new IncidentStory({ routes }).fire('checkout eu page').pass(0.25).fire('checkout global page').pass(3)
    assert.deepEqual(story.told, ['oncall: opened page SEV2 checkout', 'status-page: opened page SEV1 checkout'])
  })
})

describe('an incident that is over', () => {
  test('is so only when it stays over for a while', () => {
    const story = new IncidentStory().fire('checkout eu page').pass(5).resolve('checkout eu page').pass(0.5)
    story.fire('checkout eu page').pass(10)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
    assert.ok(story.decided.includes('reopened'))
    story.resolve('checkout eu page').pass(0.75)
    assert.deepEqual(story.news(), [])
    story.pass(0.25)
    assert.deepEqual(story.news(), ['oncall: resolved page SEV2 checkout'])
  })

  test('tells when it was over, not when that was believed', () => {
    const story = new IncidentStory().fire('checkout eu page').pass(5).resolve('checkout eu page')
    const clearedAt = story.now
    story.pass(5)
    const last = story.sent.at(-1)?.delivery.notification
    assert.ok(last?.kind === 'incident')
    assert.equal(last.resolvedAt, clearedAt)
  })

  test('flaps when it comes back again and again: then it stays one, says so, and waits for long quiet', () => {
    const story = new IncidentStory({ traits: { oncall: { takesUpdates: true } } })
    for (let round = 0; round < 6; round++) {
      story.fire('checkout eu page').pass(4).resolve('checkout eu page').pass(4)
    }
    const waking = story.sent.filter(({ delivery }) => delivery.notification.wakes)
    assert.equal(waking.length, 3, 'the third opening is kept')
    assert.equal(story.open.length, 1)
    assert.ok(story.decided.includes('flapping'))
    const last = story.sent.at(-1)?.delivery.notification
    assert.ok(last?.kind === 'incident' && last.flapping !== null)
    story.pass(27)
    assert.equal(story.open.length, 0)
    assert.equal(story.told.at(-1), 'oncall: resolved page SEV2 checkout')
  })

  test('pages again when the page comes back after it had calmed to a ticket', () => {
    const story = new IncidentStory().fire('checkout eu page', 'checkout eu ticket').pass(5)
    story.resolve('checkout eu page').pass(30)
    story.news()
    story.fire('checkout eu page').pass(1)
    assert.deepEqual(story.news(), ['oncall: worsened page SEV2 checkout'])
    assert.ok(story.decided.includes('calmed'))
  })
})

describe('a deployment', () => {
  test('is shown with how long before it was', () => {
    const story = new IncidentStory().annotate({ region: 'eu' }).pass(4).fire('checkout eu page')
    const [{ delivery }] = story.sent
    assert.ok(delivery.notification.kind === 'incident')
    const [{ kind, text, region, beforeMs }] = delivery.notification.annotations
    assert.deepEqual([kind, text, region, beforeMs], ['deploy', '4f2c1a9', 'eu', 4 * minuteMs])
  })

  test('of another service, of another region or long ago is not', () => {
    const story = new IncidentStory()
    story
      .annotate({ service: 'find' })
      .annotate({ region: 'us' })
      .annotate({ at: story.now - 7 * 60 * minuteMs })
    story.fire('checkout eu page')
    const [{ delivery }] = story.sent
    assert.ok(delivery.notification.kind === 'incident')
    assert.deepEqual(delivery.notification.annotations, [])
  })

  test('holds a slow burn back for a while, which always ends', () => {
    const story = new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } })
    story.annotate({}).pass(3).fire('checkout eu ticket').pass(11)
    assert.deepEqual(story.news(), [])
    story.annotate({}).pass(4)
    assert.deepEqual(story.news(), ['oncall: opened ticket SEV3 checkout'], 'another deployment does not prolong it')
    assert.deepEqual(
      story.decided.filter((kind) => kind === 'held' || kind === 'released'),
      ['held', 'released'],
    )
  })

  test('never holds a fast burn back', () => {
    const story = new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } })
    story.annotate({}).fire('checkout eu page')
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
    const slow = new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } })
    slow.annotate({}).fire('checkout eu ticket').pass(2).fire('checkout eu page')
    assert.deepEqual(slow.news(), ['oncall: opened page SEV2 checkout'])
  })
})
