import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IncidentEventKind } from '../../../src/core/model/incident.ts'
import { minuteMs } from '../../../src/core/model/units.ts'
import { IncidentStory, storyStart } from '../../support/incident-story.ts'

const apart = { groupWithinMs: 0 }
const dependency = {
  name: 'dependency',
  source: [{ label: 'slo', operator: '=', value: 'login' }],
  target: [{ label: 'slo', operator: '!=', value: 'login' }],
  equal: ['region'],
} as const
const office = { name: 'office', timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1_020 }
const escalating = [{ match: {}, receivers: ['oncall'], escalate: [{ afterMs: 10 * minuteMs, receivers: ['lead'] }] }]
const patching = (_: unknown, at: number) =>
  at < storyStart + 20 * minuteMs ? { name: 'patching', reason: 'kernel' } : undefined

const burning = (): IncidentStory => new IncidentStory().fire('checkout eu page').pass(2)
const over = (): IncidentStory => burning().resolve('checkout eu page')

/** A story in which each decision is taken; those that only an engine takes are told of by its own tests. */
const stories: Readonly<Record<Exclude<IncidentEventKind, 'fell-back' | 'annotated'>, () => IncidentStory>> = {
  opened: burning,
  joined: () => burning().fire('search eu page'),
  cleared: () => burning().fire('checkout us page').pass(2).resolve('checkout us page'),
  escalated: () => new IncidentStory().fire('checkout eu ticket').pass(5).fire('checkout eu page'),
  calmed: () => burning().fire('checkout eu ticket').pass(2).resolve('checkout eu page').pass(5),
  worsened: () => burning().acknowledge().pass(2).fire('checkout us page').pass(2),
  reopened: () => over().pass(0.5).fire('checkout eu page'),
  flapping: () => {
    const story = new IncidentStory()
    for (let times = 0; times < 3; times++) story.fire('checkout eu page').pass(2).resolve('checkout eu page').pass(2)
    return story.fire('checkout eu page').pass(1)
  },
  settling: over,
  resolved: () => over().pass(5),
  silenced: () => new IncidentStory().silence('s1', ['slo="checkout"'], 10).fire('checkout eu page'),
  muted: () => new IncidentStory({ muting: patching }).fire('checkout eu page'),
  inhibited: () =>
    new IncidentStory({ policy: { ...apart, inhibitions: [dependency] } }).fire('login eu page').fire('search eu page'),
  audible: () => new IncidentStory().silence('s1', ['slo="checkout"'], 3).fire('checkout eu page').pass(5),
  held: () =>
    new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } }).annotate({}).fire('checkout eu ticket'),
  released: () =>
    new IncidentStory({ policy: { holdAfterDeployMs: 15 * minuteMs } })
      .annotate({})
      .fire('checkout eu ticket')
      .pass(20),
  suppressed: () => new IncidentStory({ routes: [] }).fire('checkout eu page'),
  queued: () =>
    new IncidentStory({ routes: [{ match: {}, receivers: ['team'], hours: office }] })
      .pass(8 * 60)
      .fire('checkout eu ticket'),
  told: burning,
  repeated: () => new IncidentStory({ policy: { repeatEveryMs: 10 * minuteMs } }).fire('checkout eu page').pass(15),
  'handed-on': () => new IncidentStory({ routes: escalating }).fire('checkout eu page').pass(15),
  acknowledged: () => burning().acknowledge(),
  'acknowledgement-ended': () => burning().acknowledge(5).pass(10),
}

for (const [kind, story] of Object.entries(stories)) {
  test(`that an incident was ${kind} is written down, with what it is about and why`, () => {
    const { events } = story()
    const found = events.filter((event) => event.kind === kind)
    assert.ok(found.length > 0, events.map((event) => event.kind).join(', '))
    for (const { reason, about } of found) {
      assert.match(reason, /\S/)
      assert.ok(about === null || about !== '')
    }
  })
}

test('the decisions about an incident are numbered from one without a gap, also over a restart', () => {
  const story = burning().acknowledge(5).pass(10).restart().fire('checkout us page').pass(5)
  story.resolve('checkout eu page', 'checkout us page').pass(10)
  for (const ofOne of Map.groupBy(story.events, ({ incidentId }) => incidentId).values()) {
    assert.deepEqual(
      ofOne.map(({ sequence }) => sequence),
      ofOne.map((_, index) => index + 1),
    )
  }
})
