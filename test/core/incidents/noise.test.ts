import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InhibitionRule } from '../../../src/core/incidents/incident-policy.ts'
import { hourMs, minuteMs } from '../../../src/core/model/units.ts'
import { IncidentStory, storyStart } from '../../support/incident-story.ts'

describe('a silence', () => {
  test('keeps what opens under it from being told, and what still burns at its end is told then', () => {
    const story = new IncidentStory().silence('s1', ['slo="checkout"'], 30).fire('checkout eu page').pass(29)
    assert.deepEqual(story.news(), [])
    assert.ok(story.decided.includes('silenced'))
    story.pass(2)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
  })

  test('over what was told before tells it again when it ends while it burns', () => {
    const story = new IncidentStory().fire('checkout eu page').pass(5)
    story.news()
    story.silence('s1', ['region=~"e."'], 30).pass(10)
    assert.deepEqual(story.news(), [])
    story.endSilence('s1').pass(1)
    assert.deepEqual(story.news(), ['oncall: unsilenced page SEV2 checkout'])
  })

  test('does not swallow the end of what was told before it (R3)', () => {
    const story = new IncidentStory().fire('checkout eu page').pass(5).silence('s1', ['slo="checkout"'], 600).pass(5)
    story.resolve('checkout eu page').pass(5)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout', 'oncall: resolved page SEV2 checkout'])
  })

  test('withdraws what has not gone out yet', () => {
    const story = new IncidentStory().fire('checkout eu page').silence('s1', ['slo="checkout"'], 30)
    assert.deepEqual(
      story.superseded.map(({ key, remindersOnly }) => [key, remindersOnly]),
      [['checkout', false]],
    )
  })

  test('hides a page from who was told of a ticket: no message calls it a page and then a ticket again', () => {
    const story = new IncidentStory({ traits: { oncall: { takesUpdates: true } } })
    story.fire('checkout eu ticket').pass(5).silence('s1', ['slo="checkout"'], 30)
    story.fire('checkout eu page').pass(10).resolve('checkout eu page').pass(30)
    assert.deepEqual(
      new Set(story.sent.map(({ delivery: { notification } }) => notification.severity)),
      new Set(['ticket']),
    )
    story.fire('checkout eu page').pass(5)
    assert.equal(story.news().at(-1), 'oncall: escalated page SEV2 checkout')
  })

  test('of one region leaves the others heard', () => {
    const story = new IncidentStory().silence('s1', ['region="eu"'], 60).fire('checkout eu page').pass(5)
    assert.deepEqual(story.news(), [])
    story.fire('checkout us page').pass(5)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
  })

  test('of pages leaves the ticket', () => {
    const story = new IncidentStory().silence('s1', ['severity="page"'], 60)
    story.fire('checkout eu page', 'checkout eu ticket').pass(5)
    assert.deepEqual(story.news(), ['oncall: opened ticket SEV3 checkout'])
  })

  test('that begins later begins by the clock', () => {
    const story = new IncidentStory().silence('s1', ['slo="checkout"'], 10, 5).fire('checkout eu page').pass(4)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout'])
    assert.ok(!story.decided.includes('silenced'))
    story.pass(2)
    assert.ok(story.decided.includes('silenced'))
  })

  test('survives a restart', () => {
    const story = new IncidentStory().silence('s1', ['slo="checkout"'], 30).restart().fire('checkout eu page').pass(29)
    assert.deepEqual(story.news(), [])
    assert.deepEqual(story.restart().pass(2).news(), ['oncall: opened page SEV2 checkout'])
  })
})

test('maintenance mutes, and what burns on after it is told', () => {
  const until = storyStart + 20 * minuteMs
  const muting = ({ service }: Readonly<Record<string, string>>, at: number) =>
    service === 'shop' && at < until ? { name: 'patching', reason: 'kernel' } : undefined
  const story = new IncidentStory({ muting }).fire('checkout eu page').pass(19)
  assert.deepEqual(story.news(), [])
  assert.ok(story.decided.includes('muted'))
  assert.deepEqual(story.pass(2).news(), ['oncall: opened page SEV2 checkout'])
})

describe('inhibition', () => {
  const rule: InhibitionRule = {
    name: 'dependency',
    source: [{ label: 'slo', operator: '=', value: 'login' }],
    target: [{ label: 'slo', operator: '!=', value: 'login' }],
    equal: ['region'],
  }
  const policy = { inhibitions: [rule], groupWithinMs: 0 }

  test('keeps the target quiet while the source fires, and tells it after', () => {
    const story = new IncidentStory({ policy }).fire('login eu page').fire('search eu page').pass(5)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 login'])
    assert.ok(story.decided.includes('inhibited'))
    story.resolve('login eu page').pass(2)
    assert.deepEqual(story.news().toSorted(), ['oncall: opened page SEV2 search', 'oncall: resolved page SEV2 login'])
  })

  test('holds where the labels named are the same only', () => {
    const story = new IncidentStory({ policy }).fire('login eu page').fire('search us page')
    assert.equal(story.told.length, 2)
  })

  test('is the same after a restart, also when the target comes first (R10)', () => {
    const story = new IncidentStory({ policy }).fire('login eu page').pass(1).restart().fire('search eu page').pass(5)
    assert.deepEqual(story.told, ['oncall: opened page SEV2 login'])
  })

  test('of what was told does not swallow its end (R3)', () => {
    const story = new IncidentStory({ policy }).fire('search eu page').pass(1).fire('login eu page').pass(1)
    story.resolve('search eu page').pass(5)
    assert.equal(story.told.at(-1), 'oncall: resolved page SEV2 search')
  })
})

describe('an acknowledgement', () => {
  const escalate = [{ afterMs: 15 * minuteMs, receivers: ['lead'] }]
  const routes = [{ match: {}, receivers: ['oncall'], escalate }]
  const policy = { repeatEveryMs: hourMs }

  test('that does not come brings further people and repeats', () => {
    const story = new IncidentStory({ routes, policy }).fire('checkout eu page').pass(14)
    story.news()
    assert.deepEqual(story.pass(2).news(), ['lead: handed-on page SEV2 checkout'])
    assert.deepEqual(story.pass(46).news(), [
      'oncall: repeated page SEV2 checkout',
      'lead: repeated page SEV2 checkout',
    ])
  })

  test('stops both until it ends', () => {
    const story = new IncidentStory({ routes, policy }).fire('checkout eu page').pass(10).acknowledge(180)
    story.news()
    assert.deepEqual(story.pass(179).news(), [])
    assert.deepEqual(story.pass(2).news(), ['oncall: repeated page SEV2 checkout'])
    assert.ok(story.decided.includes('acknowledgement-ended'))
    assert.deepEqual(story.pass(15).news(), ['lead: handed-on page SEV2 checkout'], 'the delays begin anew')
  })

  test('ends when the incident gets worse: it spreads', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu page').pass(5).acknowledge()
    story.news()
    assert.deepEqual(story.fire('checkout us page').pass(1).news(), ['oncall: worsened page SEV2 checkout'])
    assert.equal(story.open[0].acknowledgement, null)
  })

  test('ends when the incident gets worse: the ticket becomes a page', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu ticket').pass(5).acknowledge()
    story.news()
    assert.deepEqual(story.fire('checkout eu page').pass(1).news(), ['oncall: escalated page SEV2 checkout'])
  })

  test('does not end because a ticket joins', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu page').pass(5).acknowledge()
    story.news()
    assert.deepEqual(story.fire('checkout eu ticket').pass(5).news(), [])
  })

  test('withdraws reminders that have not gone out', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu page').acknowledge()
    assert.deepEqual(
      story.superseded.map(({ remindersOnly }) => remindersOnly),
      [true],
    )
  })

  test('does not keep the end from being told', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu page').pass(5).acknowledge()
    story.resolve('checkout eu page').pass(5)
    assert.equal(story.told.at(-1), 'oncall: resolved page SEV2 checkout')
  })

  test('is shown at once, and once, where an earlier message can be brought up to date', () => {
    const traits = { oncall: { takesUpdates: true } }
    const story = new IncidentStory({ routes, policy, traits }).fire('checkout eu page').pass(5)
    story.news()
    assert.deepEqual(story.acknowledge().news(), ['oncall: acknowledged page SEV2 checkout'])
    const [{ delivery }] = story.sent.slice(-1)
    assert.ok(delivery.notification.kind === 'incident' && !delivery.notification.wakes)
    assert.equal(delivery.notification.acknowledgement?.by, 'ana')
    assert.deepEqual(story.pass(30).news(), [])
    assert.deepEqual(story.acknowledge(120).news(), ['oncall: acknowledged page SEV2 checkout'], 'another one is news')
  })

  test('tickets are not repeated', () => {
    const story = new IncidentStory({ routes, policy }).fire('checkout eu ticket').pass(600)
    assert.equal(story.told.length, 1)
  })
})

describe('business hours', () => {
  const office = { name: 'office', timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020 }
  const routes = [
    { match: { severity: 'page' }, receivers: ['pager'] },
    { match: { severity: 'ticket' }, receivers: ['team'], hours: office },
  ]
  const apart = { groupWithinMs: 0 }
  /** 19:00 in Berlin. */
  const evening = (choices = {}) => new IncidentStory({ routes, policy: apart, ...choices }).pass(8 * 60)
  const night = 14 * 60

  test('let tickets through while they last', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu ticket')
    assert.deepEqual(story.told, ['team: opened ticket SEV3 checkout'])
  })

  test('keep tickets of the evening until the morning', () => {
    const story = evening()
      .fire('checkout eu ticket')
      .pass(night - 1)
    assert.deepEqual(story.news(), [])
    assert.ok(story.decided.includes('queued'))
    story.pass(2)
    assert.deepEqual(story.news(), ['team: opened ticket SEV3 checkout'])
    assert.equal(new Date(story.sent[0].at).toISOString(), '2026-11-24T08:00:00.000Z')
  })

  test('bring several at once as one digest, where the receiver takes those', () => {
    const story = evening({ traits: { team: { takesDigests: true } } })
    story.fire('checkout eu ticket').pass(10).fire('search eu ticket').pass(10).fire('cart eu ticket').pass(30)
    story.resolve('search eu ticket').pass(night)
    assert.deepEqual(story.news(), ['team: digest of 3'])
    const [{ delivery }] = story.sent
    assert.ok(delivery.notification.kind === 'digest')
    assert.deepEqual(
      delivery.notification.entries.map(({ key, status }) => `${key} ${status}`),
      ['checkout firing', 'search resolved', 'cart firing'],
    )
    assert.equal(delivery.carries?.length, 3)
    story.resolve('checkout eu ticket', 'cart eu ticket').pass(5)
    assert.deepEqual(story.news(), ['team: resolved ticket SEV3 checkout', 'team: resolved ticket SEV3 cart'])
  })

  test('bring each by itself, with its end, where it does not', () => {
    const story = evening().fire('checkout eu ticket').fire('search eu ticket').pass(5).resolve('search eu ticket')
    story.pass(night)
    assert.deepEqual(story.news().toSorted(), [
      'team: opened ticket SEV3 checkout',
      'team: opened ticket SEV3 search',
      'team: resolved ticket SEV3 search',
    ])
  })

  test('do not keep a page, and who is paged is not sent the ticket in the morning', () => {
    const story = evening({ policy: { ...apart, repeatEveryMs: 24 * hourMs } })
      .fire('checkout eu ticket')
      .pass(60)
      .fire('checkout eu page')
      .pass(night)
    assert.deepEqual(story.news(), ['pager: escalated page SEV2 checkout'])
  })

  test('keep a ticket that was told within them, and can be heard again outside of them, until the morning', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu ticket').pass(350)
    assert.deepEqual(story.news(), ['team: opened ticket SEV3 checkout'])
    story.silence('s1', ['slo="checkout"'], 30).pass(60)
    assert.deepEqual(story.news(), [])
    story.pass(night + 120)
    assert.deepEqual(story.news(), ['team: opened ticket SEV3 checkout'])
  })

  test('tell the end of such a ticket at once, and nothing of it in the morning', () => {
    const story = new IncidentStory({ routes }).fire('checkout eu ticket').pass(350)
    story.silence('s1', ['slo="checkout"'], 30).pass(60).resolve('checkout eu ticket').pass(5)
    assert.deepEqual(story.news(), ['team: opened ticket SEV3 checkout', 'team: resolved ticket SEV3 checkout'])
    story.pass(night + 120)
    assert.deepEqual(story.news(), [])
  })

  test('keep what is silenced in the morning until that ends', () => {
    const story = evening()
      .fire('checkout eu ticket')
      .silence('s1', ['slo="checkout"'], night + 60)
      .pass(night + 30)
    assert.deepEqual(story.news(), [])
    assert.deepEqual(story.pass(31).news(), ['team: opened ticket SEV3 checkout'])
  })

  test('survive a restart', () => {
    const story = evening().fire('checkout eu ticket').pass(60).restart().pass(night)
    assert.deepEqual(story.news(), ['team: opened ticket SEV3 checkout'])
  })
})

describe('other routes in mid-incident', () => {
  test('tell whom they name now, and the end to everybody who was told', () => {
    const story = new IncidentStory()
      .fire('checkout eu page')
      .pass(5)
      .reroute([{ match: {}, receivers: ['new'] }])
      .pass(1)
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout', 'new: opened page SEV2 checkout'])
    story.resolve('checkout eu page').pass(5)
    assert.deepEqual(story.news(), ['oncall: resolved page SEV2 checkout', 'new: resolved page SEV2 checkout'])
  })

  test('that name somebody where nobody was told tell them at last', () => {
    const story = new IncidentStory({ routes: [] }).fire('checkout eu page').pass(5)
    assert.deepEqual(story.news(), [])
    assert.equal(story.decided.filter((kind) => kind === 'suppressed').length, 1, 'said once')
    assert.deepEqual(story.reroute([{ match: {}, receivers: ['new'] }]).news(), ['new: opened page SEV2 checkout'])
  })
})
