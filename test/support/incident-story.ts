import type { AlertMoved } from '../../src/core/incidents/fold-alert.ts'
import type { Muting } from '../../src/core/incidents/hush.ts'
import { type IncidentPolicy, standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import { type AlertId, alertKey, type FiredRule } from '../../src/core/model/alert.ts'
import type { Annotation } from '../../src/core/model/annotation.ts'
import type { NewDelivery } from '../../src/core/model/delivery.ts'
import type { Acknowledgement, Incident, IncidentEvent } from '../../src/core/model/incident.ts'
import { parseMatcher } from '../../src/core/model/parse-matcher.ts'
import type { Matcher } from '../../src/core/model/selector.ts'
import type { Silence } from '../../src/core/model/silence.ts'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import type { Route } from '../../src/core/paging/route.ts'
import type { ReceiverTraits, Routing } from '../../src/core/paging/routing.ts'
import { Counting } from '../../src/engine/counting.ts'
import { IncidentDesk } from '../../src/engine/incident-desk.ts'
import type { Superseding } from '../../src/ports/store.ts'
import { anSlo } from './engine-slo.ts'

/** Monday, 2026-11-23, 10:00 UTC. */
export const storyStart = Date.UTC(2026, 10, 23, 10)

export const aFastBurn: FiredRule = {
  longMs: hourMs,
  shortMs: 5 * minuteMs,
  burnRate: 14.4,
  longBurnRate: 20,
  shortBurnRate: 30,
}
export const aSlowBurn: FiredRule = { ...aFastBurn, longMs: 24 * hourMs, shortMs: 2 * hourMs, burnRate: 3 }

/** `checkout eu page`. */
export type AlertWords = `${string} ${string} ${'page' | 'ticket'}`

export interface StoryChoices {
  readonly routes?: readonly Route[]
  readonly policy?: Partial<IncidentPolicy>
  readonly traits?: Readonly<Record<string, Partial<ReceiverTraits>>>
  readonly routing?: Partial<Routing>
  readonly muting?: Muting
  /** The service of each SLO; `shop` where none is given. */
  readonly services?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

/** What a receiver was sent, in short: `opened page SEV2 checkout`. */
export interface Sent {
  readonly receiver: string
  readonly at: number
  readonly delivery: NewDelivery
}

/** Alerts fire and resolve, people silence and acknowledge, minutes pass; everything decided is written down. */
export class IncidentStory {
  readonly sent: Sent[] = []
  readonly events: IncidentEvent[] = []
  readonly superseded: Superseding[] = []
  readonly #choices: StoryChoices
  readonly #firedAt = new Map<string, number>()
  readonly #silences = new Map<string, Silence>()
  #routing: Routing
  #desk: IncidentDesk
  /** Every incident there ever was, as it stands. */
  readonly incidents = new Map<string, Incident>()
  now = storyStart

  constructor(choices: StoryChoices = {}) {
    this.#choices = choices
    this.#routing = this.#routingOf(choices.routes ?? [{ match: {}, receivers: ['oncall'] }])
    this.#desk = this.#newDesk()
  }

  /** Minutes pass; what falls due meanwhile is decided at every quarter of one. */
  pass(minutes: number): this {
    const end = this.now + minutes * minuteMs
    while (this.now < end) {
      this.now = Math.min(this.now + minuteMs / 4, end)
      this.#turn([])
    }
    return this
  }

  fire(...alerts: readonly AlertWords[]): this {
    return this.#turn(
      alerts.map((words) => {
        const id = idOf(words)
        this.#firedAt.set(alertKey(id), this.now)
        return this.#moved(id, 'fired')
      }),
    )
  }

  resolve(...alerts: readonly AlertWords[]): this {
    return this.#turn(alerts.map((words) => this.#moved(idOf(words), 'resolved')))
  }

  silence(id: string, matchers: readonly string[], minutes: number, startsInMinutes = 0): this {
    const silence: Silence = {
      id,
      matchers: matchers.map(aMatcher),
      startsAt: this.now + startsInMinutes * minuteMs,
      endsAt: this.now + (startsInMinutes + minutes) * minuteMs,
      createdBy: 'ana',
      createdAt: this.now,
      comment: 'known',
      endedBy: null,
    }
    this.#silences.set(id, silence)
    this.#desk.post({ silences: [silence], annotations: [] })
    return this.#turn([])
  }

  endSilence(id: string): this {
    const silence = this.#silences.get(id)
    if (silence === undefined) return this
    this.#desk.post({ silences: [{ ...silence, endsAt: this.now, endedBy: 'ana' }], annotations: [] })
    return this.#turn([])
  }

  annotate(changes: Partial<Annotation>): this {
    const annotation: Annotation = {
      id: `annotation-${this.now}`,
      kind: 'deploy',
      text: '4f2c1a9',
      service: null,
      region: null,
      at: this.now,
      url: null,
      createdBy: 'ci',
      ...changes,
    }
    this.#desk.post({ silences: [], annotations: [annotation] })
    return this.#turn([])
  }

  acknowledge(minutes = 60): this {
    const open = [...this.#desk.incidents()].find(({ phase }) => phase.kind !== 'closed')
    const acknowledgement: Acknowledgement = { by: 'ana', at: this.now, until: this.now + minutes * minuteMs, note: '' }
    if (open !== undefined) this.#desk.acknowledge(open.id, acknowledgement)
    return this.#turn([])
  }

  /** Other people are told from now on. */
  reroute(routes: readonly Route[]): this {
    this.#routing = this.#routingOf(routes)
    return this.#turn([])
  }

  /** The process is killed and another takes up what was stored. */
  restart(): this {
    const incidents = [...this.#desk.incidents()]
    const { silences, annotations } = this.#desk
    this.#desk = this.#newDesk()
    this.#desk.restore({ incidents, silences, annotations })
    return this
  }

  /** Storing fails once; the same is decided again. */
  failOnce(moves: () => void): this {
    this.#fails = 1
    moves()
    return this
  }
  #fails = 0

  /** `oncall: opened page SEV2 checkout`. */
  get told(): readonly string[] {
    return this.sent.map(({ receiver, delivery: { notification } }) => {
      if (notification.kind === 'digest') return `${receiver}: digest of ${notification.entries.length}`
      if (notification.kind === 'heartbeat') return `${receiver}: heartbeat`
      const { change, severity, sev, key } = notification
      return `${receiver}: ${change} ${severity} ${sev} ${key}`
    })
  }

  /** What was told since this was last asked. */
  news(): readonly string[] {
    const all = this.told
    const fresh = all.slice(this.#read)
    this.#read = all.length
    return fresh
  }
  #read = 0

  /** The kinds of decisions about all incidents, in order. */
  get decided(): readonly string[] {
    return this.events.map(({ kind }) => kind)
  }

  get open(): readonly Incident[] {
    return [...this.incidents.values()].filter(({ phase }) => phase.kind !== 'closed')
  }

  #turn(moves: readonly AlertMoved[]): this {
    this.#decide(moves)
    if (this.#fails > 0) {
      this.#fails--
      this.#desk.drop()
      this.#decide(moves)
    }
    const { deliveries, incidentEvents, incidents, superseded } = this.#desk.commit()
    const carried = new Set(deliveries.flatMap(({ carries = [] }) => carries))
    for (const delivery of deliveries) {
      if (!carried.has(delivery.id)) this.sent.push({ receiver: delivery.receiver, at: this.now, delivery })
    }
    this.events.push(...incidentEvents)
    this.superseded.push(...superseded)
    for (const incident of incidents) this.incidents.set(incident.id, incident)
    this.#desk.apply()
    return this
  }

  #decide(moves: readonly AlertMoved[]): void {
    const evaluatedAt = () => this.now
    this.#desk.turn(moves, this.now, evaluatedAt)
    this.#desk.finish([], this.now, evaluatedAt)
  }

  #moved(id: AlertId, event: AlertMoved['event']): AlertMoved {
    const { services = {}, labels = {} } = this.#choices
    const service = services[id.slo] ?? 'shop'
    const { slo, scope, severity } = id
    return {
      id,
      event,
      firedAt: this.#firedAt.get(alertKey(id)) ?? this.now,
      at: this.now,
      rule: severity === 'page' ? aFastBurn : aSlowBurn,
      service,
      labels: { ...labels, slo, service, scope, region: scope, severity },
      receivers: [],
      data: null,
    }
  }

  #routingOf(routes: readonly Route[]): Routing {
    const { policy = {}, traits = {}, routing = {} } = this.#choices
    return {
      routes,
      recipientsOf: () => [''],
      traitsOf: (receiver) => ({ takesUpdates: false, takesDigests: false, ...traits[receiver] }),
      policy: { ...standardIncidentPolicy, ...policy },
      digest: (text) => text,
      ...routing,
    }
  }

  #newDesk(): IncidentDesk {
    const counting = new Counting(15_000)
    counting.setSlos(['checkout', 'search', 'cart', 'login'].map((name) => anSlo({ name })))
    const { muting } = this.#choices
    return new IncidentDesk({
      counting,
      stepMs: 15_000,
      routing: () => this.#routing,
      ...(muting === undefined ? {} : { muting }),
    })
  }
}

function idOf(words: AlertWords): AlertId {
  const [slo, scope, severity] = words.split(' ')
  return { slo, scope, severity: severity === 'page' ? 'page' : 'ticket' }
}

/** One matcher as people write it. */
export function aMatcher(text: string): Matcher {
  const matcher = parseMatcher(text)
  if (matcher === undefined) throw new Error(`not a matcher: ${text}`)
  return matcher
}
