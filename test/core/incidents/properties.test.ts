import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type AlertWords, IncidentStory } from '../../support/incident-story.ts'

const slos = ['checkout', 'search', 'cart']
const scopes = ['eu', 'us', 'global']
const severities = ['page', 'ticket'] as const
const alerts: readonly AlertWords[] = slos.flatMap((slo) =>
  scopes.flatMap((scope) => severities.map((severity): AlertWords => `${slo} ${scope} ${severity}`)),
)

type Step =
  | { readonly kind: 'toggle'; readonly alert: AlertWords }
  | { readonly kind: 'silence'; readonly slo: string; readonly minutes: number }
  | { readonly kind: 'ack' | 'restart' | 'reroute' | 'deploy' | 'fail' }
  | { readonly kind: 'pass'; readonly minutes: number }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('toggle' as const), alert: fc.constantFrom(...alerts) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('silence' as const),
        slo: fc.constantFrom(...slos),
        minutes: fc.integer({ min: 1, max: 90 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('ack', 'restart', 'reroute', 'deploy', 'fail') }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 200 }) }),
    },
  ),
  { maxLength: 40 },
)

const routings = [
  [
    { match: { severity: 'page' }, receivers: ['pager'], escalate: [{ afterMs: 600_000, receivers: ['lead'] }] },
    { match: { severity: 'ticket' }, receivers: ['tickets'] },
  ],
  [
    { match: { slo: 'checkout' }, receivers: ['pager', 'shop'] },
    {
      match: {},
      receivers: ['tickets'],
      hours: { name: 'office', timeZone: 'Europe/Berlin', days: [1, 2, 3], fromMinute: 540, toMinute: 1_020 },
    },
  ],
]

/** Plays the steps; afterwards all alerts end, all silences run out, and two days pass. */
function play(all: readonly Step[]): { readonly story: IncidentStory; readonly audiblePages: number } {
  const story = new IncidentStory({
    routes: routings[0],
    policy: { holdAfterDeployMs: 15 * 60_000 },
    traits: { tickets: { takesDigests: true, takesUpdates: true }, shop: { takesUpdates: true } },
  })
  const firing = new Set<AlertWords>()
  let silences = 0
  let routing = 0
  let audiblePages = 0
  for (const step of all) {
    if (step.kind === 'toggle') {
      if (firing.delete(step.alert)) story.resolve(step.alert)
      else {
        firing.add(step.alert)
        story.fire(step.alert)
        if (silences === 0 && step.alert.endsWith('page')) audiblePages++
      }
    } else if (step.kind === 'silence') story.silence(`s${++silences}`, [`slo="${step.slo}"`], step.minutes)
    else if (step.kind === 'pass') story.pass(step.minutes)
    else if (step.kind === 'ack') story.acknowledge(30)
    else if (step.kind === 'restart') story.restart()
    else if (step.kind === 'reroute') story.reroute(routings[++routing % routings.length])
    else if (step.kind === 'deploy') story.annotate({})
    else story.failOnce(() => story.pass(0.25))
  }
  story.resolve(...firing).pass(2 * 24 * 60)
  return { story, audiblePages }
}

test('each receiver hears of the beginning and then of the end of every incident it is told of, once each, in this order', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { story } = play(all)
      const heard = new Map<string, string[]>()
      for (const { receiver, delivery } of story.sent) {
        const { notification, episode } = delivery
        const inside = notification.kind === 'digest' ? notification.entries : [notification]
        for (const entry of inside) {
          const place = `${receiver} ${entry.key} ${notification.kind === 'digest' ? entry.kind === 'incident' && entry.firedAt : episode}`
          heard.set(place, [...(heard.get(place) ?? []), entry.status])
        }
      }
      for (const [place, statuses] of heard) {
        // A digest may tell of an incident whose end it tells as well.
        const begins = statuses[0] === 'firing' || statuses.length === 1
        assert.ok(begins, `${place}: ${statuses.join(' ')}`)
        assert.equal(statuses.filter((status) => status === 'resolved').length, 1, `${place}: ${statuses.join(' ')}`)
        assert.equal(statuses.at(-1), 'resolved', `${place}: ${statuses.join(' ')}`)
      }
    }),
    { numRuns: 150 },
  )
})

test('who is paged is not sent the ticket of the same incident as well: after a page, no address hears its first word of a ticket', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { story } = play(all)
      const paged = new Set<string>()
      for (const { delivery } of story.sent) {
        const { notification } = delivery
        const inside = notification.kind === 'digest' ? notification.entries : [notification]
        for (const entry of inside) {
          if (entry.kind !== 'incident') continue
          if (entry.severity === 'page') paged.add(entry.incidentId)
          else assert.ok(!paged.has(entry.incidentId), `a ticket of ${entry.incidentId} after its page`)
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('every alert belongs to exactly one incident at a time, every incident ends, and revisions only rise', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { story, audiblePages } = play(all)
      assert.equal(story.open.length, 0)
      const fired = new Set(all.flatMap((step) => (step.kind === 'toggle' ? [step.alert] : [])))
      const held = new Set(
        [...story.incidents.values()].flatMap(({ alerts: own }) =>
          own.map(({ id }) => `${id.slo} ${id.scope} ${id.severity}`),
        ),
      )
      assert.deepEqual([...held].sort(), [...fired].sort(), 'nothing that fired is lost')
      if (audiblePages > 0) {
        const woken = story.sent.filter(({ delivery: { notification } }) => notification.wakes)
        assert.ok(woken.length > 0, 'a page that nothing hushed woke somebody')
      }
      const revisions = new Map<string, number>()
      for (const { delivery } of story.sent) {
        if (delivery.notification.kind !== 'incident') continue
        const place = `${delivery.receiver} ${delivery.notification.incidentId}`
        assert.ok(delivery.notification.revision > (revisions.get(place) ?? 0), place)
        revisions.set(place, delivery.notification.revision)
      }
      const sequences = Map.groupBy(story.events, ({ incidentId }) => incidentId)
      for (const events of sequences.values()) {
        assert.deepEqual(
          events.map(({ sequence }) => sequence),
          events.map((_, index) => index + 1),
        )
      }
    }),
    { numRuns: 150 },
  )
})

test('a restart at any moment changes nothing of what is told', () => {
  fc.assert(
    fc.property(steps, fc.nat(40), (all, at) => {
      const before = all.filter(({ kind }) => kind !== 'restart')
      const steady = play(before).story.told
      const restarted = play([...before.slice(0, at), { kind: 'restart' }, ...before.slice(at)]).story.told
      assert.deepEqual(restarted, steady)
    }),
    { numRuns: 100 },
  )
})
