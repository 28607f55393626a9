import type { AlertMoved } from '../../src/core/incidents/fold-alert.ts'
import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import type { AlertId } from '../../src/core/model/alert.ts'
import type { Silence } from '../../src/core/model/silence.ts'
import { minuteMs } from '../../src/core/model/units.ts'
import type { Routing } from '../../src/core/paging/routing.ts'
import type { PageAudit } from '../../src/engine/audit-pages.ts'
import { Counting } from '../../src/engine/counting.ts'
import { IncidentDesk } from '../../src/engine/incident-desk.ts'
import type { Store } from '../../src/ports/store.ts'
import { aTick } from './delivery-messages.ts'
import { anSlo } from './engine-slo.ts'
import { type AlertWords, aFastBurn, aMatcher, aSlowBurn } from './incident-story.ts'

/** Everything to `oncall`, at once, one incident per SLO, over as soon as nothing burns. */
export const plainRouting: Routing = {
  routes: [{ match: {}, receivers: ['oncall'] }],
  recipientsOf: () => [''],
  traitsOf: () => ({ takesUpdates: false, takesDigests: false }),
  policy: { ...standardIncidentPolicy, groupWithinMs: 0, resolveAfterMs: 0 },
  digest: (text) => text,
}

/** The incident desk over a real store, moved by alerts in words: what it decides is committed as the engine commits it. */
export class FaultDesk {
  readonly #store: Pick<Store, 'commit' | 'load' | 'outbox'>
  readonly #now: () => number
  readonly #desk: IncidentDesk
  /** Alerts that cannot be seen at the moment. */
  readonly unknown = new Set<string>()
  /** When what moves next moved by its data; the time of the clock where it is not given. */
  eventTime: number | undefined
  routing: Routing
  audits: readonly PageAudit[] = []

  constructor(
    store: Pick<Store, 'commit' | 'load' | 'outbox'>,
    now: () => number,
    routing: Partial<Routing> = {},
    slos: readonly string[] = ['checkout', 'search', 'cart', 'login'],
  ) {
    this.#store = store
    this.#now = now
    this.routing = { ...plainRouting, ...routing }
    const counting = new Counting(15_000)
    counting.setSlos(slos.map((name) => anSlo({ name })))
    const isKnown = ({ slo }: AlertId) => !this.unknown.has(slo)
    this.#desk = new IncidentDesk({ counting, stepMs: 15_000, routing: () => this.routing, isKnown })
  }

  /** Takes up what an earlier one stored. */
  async restore(): Promise<this> {
    this.#desk.restore(await this.#store.load())
    return this
  }

  get incidents() {
    return [...this.#desk.incidents()]
  }

  fire(...alerts: readonly AlertWords[]): Promise<void> {
    return this.turn(alerts.map((words) => this.#moved(words, 'fired')))
  }

  resolve(...alerts: readonly AlertWords[]): Promise<void> {
    return this.turn(alerts.map((words) => this.#moved(words, 'resolved')))
  }

  silence(id: string, matchers: readonly string[], minutes: number): Promise<void> {
    const now = this.#now()
    const endsAt = now + minutes * minuteMs
    const own = matchers.map(aMatcher)
    const silence: Silence = {
      id,
      matchers: own,
      startsAt: now,
      endsAt,
      createdBy: 'ana',
      createdAt: now,
      comment: 'x',
      endedBy: null,
    }
    this.#desk.post({ silences: [silence], annotations: [] })
    return this.turn()
  }

  acknowledge(minutes = 60): Promise<void> {
    const at = this.#now()
    const open = this.incidents.find(({ phase }) => phase.kind !== 'closed')
    if (open !== undefined) this.#desk.acknowledge(open.id, { by: 'ana', at, until: at + minutes * minuteMs, note: '' })
    return this.turn()
  }

  /** One tick: audit, turn, commit. What is not stored is not decided. */
  async turn(moves: readonly AlertMoved[] = []): Promise<void> {
    const now = this.#now()
    this.audits = await this.#desk.audit(this.#store.outbox, now)
    try {
      this.#desk.turn(moves, now, this.#now)
      this.#desk.finish(this.audits, now, this.#now)
      await this.#store.commit(aTick({ at: now, ...this.#desk.commit() }))
    } catch (error) {
      this.#desk.drop()
      throw error
    }
    this.#desk.apply()
  }

  #moved(words: AlertWords, event: AlertMoved['event']): AlertMoved {
    const [slo, scope, level] = words.split(' ')
    const severity = level === 'page' ? 'page' : 'ticket'
    const at = this.eventTime ?? this.#now()
    const labels = { slo, service: 'shop', scope, region: scope, severity }
    const rule = severity === 'page' ? aFastBurn : aSlowBurn
    return {
      id: { slo, scope, severity },
      event,
      firedAt: at,
      at,
      rule,
      service: 'shop',
      labels,
      receivers: [],
      data: null,
    }
  }
}
