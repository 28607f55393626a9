import type { Exclusion } from '../../../src/core/model/exclusion.ts'
import type { Slo } from '../../../src/core/model/slo.ts'
import { hourMs, minuteMs, secondMs } from '../../../src/core/model/units.ts'
import type { Route } from '../../../src/core/paging/route.ts'
import type { ReceiverTraits, Routing } from '../../../src/core/paging/routing.ts'
import { type BusinessHours, isWithinHours } from '../../../src/core/time/business-hours.ts'
import { anSlo, aRule, counters } from '../../support/engine-slo.ts'
import { plainRouting } from '../../support/fault-desk.ts'

/** When every world begins: a Monday. */
export const startedAt = Date.UTC(2026, 10, 23, 10)
export const regions: readonly string[] = ['eu', 'us']
export const sloNames: readonly string[] = ['checkout', 'search']
export const pagerNames: readonly string[] = ['pager', 'chat', 'phone']

/** What a config may say: between such ones reloads switch. Those named reach the pager with every page. */
export interface Settings {
  readonly name: string
  readonly slos: readonly string[]
  readonly receivers: readonly string[]
  readonly routes: readonly Route[]
  readonly more: Partial<Pick<Routing, 'fallback'>>
  readonly policy: Partial<Routing['policy']>
}

/** Rules of minutes, so that an incident begins and ends within a few steps. */
const slos: ReadonlyMap<string, Slo> = new Map(
  sloNames.map((name) => [
    name,
    anSlo({
      name,
      windowDays: 1,
      bad: counters('bad', { slo: name }),
      total: counters('total', { slo: name }),
      rules: [aRule('page', 2 * minuteMs, minuteMs, '14.4'), aRule('ticket', 5 * minuteMs, 2 * minuteMs, '3')],
    }),
  ]),
)

/** Hours that open, and close again, while things go wrong. */
export const office: BusinessHours = {
  name: 'office',
  timeZone: 'UTC',
  days: [1, 2, 3, 4, 5],
  fromMinute: 10 * 60 + 7,
  toMinute: 10 * 60 + 11,
}

const byPager: Route = { match: {}, receivers: ['pager'] }
const pages = (...receivers: readonly string[]): Route => ({ match: { severity: 'page' }, receivers })
const tickets = (...receivers: readonly string[]): Route => ({ match: { severity: 'ticket' }, receivers })
const everything = { slos: sloNames, receivers: pagerNames, more: {}, policy: {} }
const fallback = { receiver: 'phone', afterMs: 2 * minuteMs }

/** The first is what a world ends with. */
export const allSettings: readonly Settings[] = [
  { ...everything, name: 'all to the pager', routes: [byPager] },
  { ...everything, name: 'by severity', routes: [pages('pager', 'chat'), tickets('chat')], more: { fallback } },
  {
    ...everything,
    name: 'tickets in office hours',
    routes: [
      { ...pages('pager'), escalate: [{ afterMs: 2 * minuteMs, receivers: ['phone'] }] },
      { ...tickets('chat'), hours: office },
    ],
    policy: { resolveAfterMs: 30 * secondMs, groupWithinMs: 5 * minuteMs },
  },
  { ...everything, name: 'no chat', receivers: ['pager', 'phone'], routes: [byPager], more: { fallback } },
  { ...everything, name: 'no phone', receivers: ['pager', 'chat'], routes: [pages('pager'), tickets('chat')] },
  { ...everything, name: 'checkout alone', slos: ['checkout'], routes: [pages('pager', 'phone'), tickets('chat')] },
  { ...everything, name: 'repeats soon', routes: [byPager], policy: { repeatEveryMs: 2 * minuteMs } },
]

/** The rules of a config. */
export function slosOf(settings: Settings): readonly Slo[] {
  return settings.slos.flatMap((name) => slos.get(name) ?? [])
}

/** Who is told by a config. */
export function routingOf({ routes, receivers, more, policy }: Settings): Routing {
  const flapping = { ...plainRouting.policy.flapping, quietMs: 3 * minuteMs }
  return {
    ...plainRouting,
    recipientsOf: (name) => (receivers.includes(name) ? [''] : []),
    traitsOf: (name) => traits[name] ?? noTraits,
    routes,
    policy: { ...plainRouting.policy, repeatEveryMs: hourMs, flapping, ...policy },
    ...more,
  }
}

/** Whether a receiver may be told of a ticket now: where every route to it keeps hours, within them alone. */
export function mayHearOfTickets({ routes }: Settings, receiver: string, now: number): boolean {
  const leading = routes.filter(({ receivers, match }) => receivers.includes(receiver) && match['severity'] !== 'page')
  return leading.length === 0 || leading.some(({ hours }) => hours === undefined || isWithinHours(hours, now))
}

const noTraits: ReceiverTraits = { takesUpdates: false, takesDigests: false }
const traits: Readonly<Record<string, ReceiverTraits>> = { chat: { takesUpdates: true, takesDigests: true } }

/** Maintenance that keeps one SLO, in one region or everywhere, quiet for a while. */
export function aMaintenance(slo: string, region: string | undefined, from: number, to: number): Exclusion {
  return {
    id: `m${from}`,
    matches: { slos: [slo], services: [], regions: region === undefined ? [] : [region] },
    schedule: { kind: 'once', from, to },
    mute: true,
    excludeFromBudget: false,
    author: 'ana',
    reason: 'x',
    at: null,
  }
}
