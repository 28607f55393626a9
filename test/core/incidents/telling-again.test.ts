import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { InhibitionRule } from '../../../src/core/incidents/incident-policy.ts'
import { standardIncidentPolicy } from '../../../src/core/incidents/incident-policy.ts'
import { annotationsPerMessageMax } from '../../../src/core/model/limits.ts'
import { hourMs, minuteMs } from '../../../src/core/model/units.ts'
import { handOn } from '../../../src/core/paging/hand-on.ts'
import { plan } from '../../../src/core/paging/plan.ts'
import type { Routing } from '../../../src/core/paging/routing.ts'
import { anIncident, firedAt } from '../../support/delivery-messages.ts'
import { IncidentStory } from '../../support/incident-story.ts'

describe('somebody is woken again', () => {
  test('when a ticket becomes a page, also where rules name both alike', () => {
    const alike = { sevRules: [{ name: 'SEV3', matchers: [] }] } as const
    const story = new IncidentStory({ policy: alike }).fire('checkout eu ticket').pass(10)
    story.news()
    assert.deepEqual(story.fire('checkout eu page').pass(1).news(), ['oncall: escalated page SEV3 checkout'])
  })

  test('when it gets a worse name right after somebody took it: what they took was less', () => {
    const story = new IncidentStory().fire('checkout eu page').pass(0.25).acknowledge().pass(0.25)
    story.news()
    assert.deepEqual(story.fire('checkout global page').pass(1).news(), ['oncall: escalated page SEV1 checkout'])
    assert.equal(story.open[0].acknowledgement, null)
  })

  test('when it burns anew and whoever looked after it had stopped while it was quiet, and further people hear of it in time', () => {
    const escalate = [{ afterMs: 15 * minuteMs, receivers: ['lead'] }]
    const story = new IncidentStory({ routes: [{ match: {}, receivers: ['oncall'], escalate }] })
    for (let times = 0; times < 3; times++) story.fire('checkout eu page').pass(1).resolve('checkout eu page').pass(0.5)
    story.fire('checkout eu page').acknowledge(10).pass(5).resolve('checkout eu page').pass(10)
    assert.deepEqual([story.open[0].flapping, story.open[0].acknowledgement], [true, null])
    story.news()
    assert.deepEqual(story.fire('checkout eu page').pass(1).news(), ['oncall: repeated page SEV2 checkout'])
    assert.deepEqual(story.pass(15).news(), ['lead: handed-on page SEV2 checkout'])
  })

  test('at the very moment at which an acknowledgement runs out', () => {
    const story = new IncidentStory().fire('checkout eu page').acknowledge(10)
    story.news()
    assert.deepEqual(story.pass(9.75).news(), [])
    assert.deepEqual(story.pass(0.25).news(), ['oncall: repeated page SEV2 checkout'])
  })

  test('and that it got worse gives nobody more time: further people hear of it when they would have', () => {
    const escalate = [{ afterMs: 15 * minuteMs, receivers: ['lead'] }]
    const story = new IncidentStory({ routes: [{ match: {}, receivers: ['oncall'], escalate }] })
    story.fire('checkout eu page').pass(13).fire('checkout global page')
    assert.deepEqual(story.news(), ['oncall: opened page SEV2 checkout', 'oncall: escalated page SEV1 checkout'])
    assert.deepEqual(story.pass(3).news(), ['lead: handed-on page SEV1 checkout'])
    assert.deepEqual(story.pass(60).news(), [], 'and once')
  })

  test('and who took it before it got worse is given their time anew', () => {
    const escalate = [{ afterMs: 15 * minuteMs, receivers: ['lead'] }]
    const story = new IncidentStory({ routes: [{ match: {}, receivers: ['oncall'], escalate }] })
    story.fire('checkout eu page').pass(13).acknowledge().pass(30).fire('checkout global page')
    story.news()
    assert.deepEqual(story.pass(14).news(), [])
    assert.deepEqual(story.pass(2).news(), ['lead: handed-on page SEV1 checkout'])
  })

  test('and then what was told must be proven to arrive anew', () => {
    const incident = anIncident()
    const proven = { ...incident, telling: { ...incident.telling, proven: true } }
    const routing: Routing = {
      routes: [{ match: {}, receivers: ['oncall'] }],
      recipientsOf: () => [''],
      traitsOf: () => ({ takesUpdates: true, takesDigests: false }),
      policy: standardIncidentPolicy,
      digest: (text) => text,
    }
    assert.ok(!plan(proven, { change: 'worsened', wakes: true }, routing, firedAt).incident.telling.proven)
    assert.ok(plan(proven, { change: 'updated', wakes: false }, routing, firedAt).incident.telling.proven)
    const escalate = [{ afterMs: 0, receivers: ['lead'] }]
    const further = { ...routing, routes: [{ match: {}, receivers: ['oncall'], escalate }] }
    const unanswered = {
      ...proven,
      telling: { ...proven.telling, severity: 'page' as const, unansweredSince: firedAt },
    }
    assert.equal(handOn(unanswered, further, firedAt)?.incident.telling.proven, false)
    const toMore = { ...routing, routes: [{ match: {}, receivers: ['oncall', 'chat'] }] }
    assert.ok(!plan(unanswered, undefined, toMore, firedAt, true).incident.telling.proven)
  })
})

describe('nobody is woken again', () => {
  test('when a page is gone for less than it takes to be over, while a ticket goes on', () => {
    const story = new IncidentStory().fire('checkout eu page', 'checkout eu ticket').pass(5)
    story.news()
    story.resolve('checkout eu page').pass(0.5).fire('checkout eu page').pass(5)
    assert.deepEqual(story.news(), [])
    story.resolve('checkout eu page').pass(1.5).fire('checkout eu page').pass(5)
    assert.deepEqual(story.news(), ['oncall: worsened page SEV2 checkout'])
  })

  test('when what flaps, and somebody looks after, is elsewhere this time', () => {
    const story = new IncidentStory()
    for (let times = 0; times < 3; times++) story.fire('checkout eu page').pass(2).resolve('checkout eu page').pass(2)
    story.fire('checkout eu page').pass(1).acknowledge()
    assert.ok(story.open[0].flapping)
    story.news()
    assert.deepEqual(story.fire('checkout us page').pass(5).news(), [])
  })

  test('when the acknowledgement of a ticket runs out', () => {
    const story = new IncidentStory().fire('checkout eu ticket').pass(2).acknowledge(5)
    story.news()
    assert.deepEqual(story.pass(30).news(), [])
  })
})

describe('an inhibition', () => {
  const source = [{ label: 'scope', operator: '=', value: 'eu' }] as const

  test('keeps nothing quiet that would keep it quiet as well', () => {
    const mutual: InhibitionRule = { name: 'all', source, target: source, equal: [] }
    const story = new IncidentStory({ policy: { inhibitions: [mutual], groupWithinMs: 0 } })
    story.fire('checkout eu page').fire('search eu page').pass(5)
    assert.deepEqual(story.told, ['oncall: opened page SEV2 checkout', 'oncall: opened page SEV2 search'])
  })

  test('asks for every label that is to be the same', () => {
    const target = [{ label: 'slo', operator: '!=', value: 'login' }] as const
    const rule: InhibitionRule = {
      name: 'dependency',
      source: [{ label: 'slo', operator: '=', value: 'login' }],
      target,
      equal: ['region', 'service'],
    }
    const policy = { inhibitions: [rule], groupWithinMs: 0 }
    const story = new IncidentStory({ policy, services: { search: 'find' } })
    story.fire('login eu page').fire('search eu page').fire('checkout us page').fire('cart eu page').pass(5)
    assert.deepEqual(story.told, [
      'oncall: opened page SEV2 login',
      'oncall: opened page SEV2 search',
      'oncall: opened page SEV2 checkout',
    ])
  })
})

describe('what a message speaks of', () => {
  const policy = { updateEveryMs: 0, groupWithinMs: 5 * minuteMs }
  const traits = { oncall: { takesUpdates: true } }

  test('is the region that burns, also where that makes all of them burn', () => {
    const story = new IncidentStory({ policy, traits }).fire('checkout eu page').pass(1).fire('checkout global page')
    assert.equal(spokenOf(story.pass(2)), 'checkout eu')
  })

  test('is all of them where several burn', () => {
    const story = new IncidentStory({ policy, traits }).fire('checkout eu page').pass(1)
    story.fire('checkout global page').pass(1).fire('checkout us page').pass(2)
    assert.equal(spokenOf(story), 'checkout global')
    assert.equal(
      spokenOf(story.resolve('checkout eu page', 'checkout us page', 'checkout global page').pass(5)),
      'checkout global',
    )
  })

  test('is the worst, whatever burns everywhere more slowly', () => {
    const story = new IncidentStory({ policy, traits }).fire('checkout eu page', 'checkout us page').pass(1)
    story.fire('checkout global ticket', 'search global page').pass(2)
    assert.equal(spokenOf(story), 'checkout eu')
  })
})

test('a message names the newest changes and no more than it has room for', () => {
  const story = new IncidentStory()
  const many = annotationsPerMessageMax + 5
  for (let index = 0; index < many; index++) {
    story.annotate({ id: `deploy-${index}`, text: `release ${index}`, at: story.now - (many - index) * minuteMs })
  }
  story.fire('checkout eu page')
  const { notification } = story.sent[0].delivery
  assert.ok(notification.kind === 'incident')
  assert.equal(notification.annotations.length, annotationsPerMessageMax)
  assert.equal(notification.annotations[0].text, `release ${many - 1}`)
})

test('what only brings a message up to date waits for more of it, and tells how things are when it goes', () => {
  const policy = { updateEveryMs: 2 * minuteMs, repeatEveryMs: 4 * hourMs }
  const story = new IncidentStory({ policy, traits: { oncall: { takesUpdates: true } } })
  const start = story.now
  story.fire('checkout eu page').pass(5).fire('checkout us page').pass(1).fire('checkout ap page').pass(20)
  const told = story.sent.map(({ at, delivery: { notification } }) => {
    const alerts = notification.kind === 'incident' ? notification.alerts.length : 0
    return [notification.change, (at - start) / minuteMs, alerts]
  })
  assert.deepEqual(told, [
    ['opened', 0, 1],
    ['updated', 7, 3],
  ])
})

test('an update that waits is not told after the end, nor after a message that wakes', () => {
  const policy = { updateEveryMs: 2 * minuteMs, resolveAfterMs: 0, repeatEveryMs: 6 * minuteMs }
  const traits = { oncall: { takesUpdates: true } }
  const ended = new IncidentStory({ policy, traits }).fire('checkout eu page').pass(5)
  ended.fire('checkout us page').resolve('checkout eu page', 'checkout us page').pass(20)
  assert.deepEqual(changesOf(ended), ['opened', 'resolved'])
  const repeated = new IncidentStory({ policy, traits }).fire('checkout eu page').pass(5)
  repeated.fire('checkout us page').pass(2)
  assert.deepEqual(changesOf(repeated), ['opened', 'repeated'])
})

function changesOf({ sent }: IncidentStory): readonly string[] {
  return sent.map(({ delivery }) => delivery.notification.change)
}

/** The SLO and scope of the last message. */
function spokenOf({ sent }: IncidentStory): string {
  const notification = sent.at(-1)?.delivery.notification
  return notification?.kind === 'incident' ? `${notification.slo} ${notification.scope}` : ''
}
