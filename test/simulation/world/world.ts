import { setImmediate } from 'node:timers/promises'
import { hourMs, minuteMs, secondMs } from '../../../src/core/model/units.ts'
import type { Routing } from '../../../src/core/paging/routing.ts'
import { type RunningDelivery, startDelivery } from '../../../src/delivery/outbox-worker.ts'
import { Engine } from '../../../src/engine/engine.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type EmergencyStore, emergencyStore } from '../../../src/storage/emergency/emergency-store.ts'
import { openSqliteStore } from '../../../src/storage/sqlite/open-sqlite-store.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { anSlo, aRule, counters } from '../../support/engine-slo.ts'
import { send } from '../../support/engine-world.ts'
import { plainRouting } from '../../support/fault-desk.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { Chance } from './chance.ts'
import { fullDisk, Life, mortal } from './mortal.ts'
import { WeatheredPager } from './weather.ts'

const stepMs = 15 * secondMs
const startedAt = Date.UTC(2026, 10, 23, 10)
const regions = ['eu', 'us']
const sloNames = ['checkout', 'search']

/** Rules of minutes, so that an incident begins and ends within a few steps. */
const slos = sloNames.map((name) =>
  anSlo({
    name,
    windowDays: 1,
    bad: counters('bad', { slo: name }),
    total: counters('total', { slo: name }),
    rules: [aRule('page', 2 * minuteMs, minuteMs, '14.4'), aRule('ticket', 5 * minuteMs, 2 * minuteMs, '3')],
  }),
)

/** Two ways of telling, between which reloads switch; both reach the pager. */
const routings: readonly Partial<Routing>[] = [
  { routes: [{ match: {}, receivers: ['pager'] }] },
  {
    routes: [
      { match: { severity: 'page' }, receivers: ['pager', 'chat'] },
      { match: { severity: 'ticket' }, receivers: ['chat'] },
    ],
    fallback: { receiver: 'phone', afterMs: 5 * minuteMs },
  },
]

/** Faults of our own, to show that the checks would find them. */
export type Sabotage = 'forgets-attempts' | 'keys-hold-times'

interface Process {
  readonly life: Life
  readonly engine: Engine
  readonly delivery: RunningDelivery
  readonly store: EmergencyStore
}

/**
 * The engine, its store, its outbox and three pagers in made time: real code but for the clock, the sockets and chance. The process
 * can be killed between any two operations on its store, and what was stored is taken up by the next one.
 */
export class World {
  readonly clock = new VirtualClock(startedAt)
  readonly store: Store = openSqliteStore(':memory:')
  readonly pagers: ReadonlyMap<string, WeatheredPager>
  readonly chance: Chance
  readonly trace: string[] = []
  readonly log = recordingLog()
  /** SLO and region of what burns. */
  readonly burning = new Set<string>()
  /** Audits that found a page neither delivered nor on its way. */
  lostPages = 0
  kills = 0
  /** Whether the disk is full: nothing can be written, and all can be read. */
  isDiskFull = false
  readonly #meter = recordingMeter()
  /**
   * A process ended while decisions were held in memory alone. The next one decides anew what may come out otherwise: what people
   * were told by the first may be told twice, or never be taken back. Nothing can be done about that without a place to write to.
   */
  hasForgotten = false
  /** For how many steps in a row the disk was full while one process ran and the pager took everything. */
  unwrittenSteps = 0
  #process: Process | undefined
  #routing = 0
  #ticks = 0
  readonly #counts = new Map<string, { bad: number; total: number }>()

  readonly #sabotage: Sabotage | undefined

  constructor(seed: number, sabotage?: Sabotage) {
    this.#sabotage = sabotage
    this.chance = new Chance(seed)
    const say = (line: string) => this.say(line)
    const pagers = ['pager', 'chat', 'phone'].map((name) => new WeatheredPager(name, this.clock, this.chance, say))
    this.pagers = new Map(['pager', 'chat', 'phone'].map((name, index) => [name, pagers[index]]))
  }

  /** One line of what happens, with the time since the beginning. */
  say(line: string): void {
    const seconds = (this.clock.now() - startedAt) / secondMs
    this.trace.push(`${seconds.toFixed(1).padStart(8)} s  ${line}`)
  }

  pager(name = 'pager'): WeatheredPager {
    const pager = this.pagers.get(name)
    if (pager === undefined) throw new Error(`no pager ${name}`)
    return pager
  }

  get life(): Life | undefined {
    return this.#process?.life
  }

  /** Keys of the pages that the pager was to be woken by, some steps ago, and that are not over. */
  get duePages(): readonly string[] {
    const before = this.clock.now() - 6 * stepMs
    return [...(this.#process?.engine.desk.incidents() ?? [])].flatMap(({ key, phase, telling, alerts }) => {
      const { told, wokeAt, severity } = telling
      const isHushed = alerts.every(({ hush, resolvedAt }) => hush !== null || resolvedAt !== null)
      const isDue = phase.kind === 'open' && severity === 'page' && wokeAt !== null && wokeAt <= before && !isHushed
      return isDue && told.some(({ receiver }) => receiver === 'pager') ? [key] : []
    })
  }

  /** Whether something was sent although it could not be stored. */
  get hasSentUnstored(): boolean {
    return [...this.#meter.values.keys()].some((name) => name.startsWith('sloburn_unstored_attempts_total'))
  }

  /** Every place that can burn. */
  get places(): readonly string[] {
    return sloNames.flatMap((slo) => regions.map((region) => `${slo} ${region}`))
  }

  reroute(): void {
    this.#routing = (this.#routing + 1) % routings.length
    this.say(`reload: routing ${this.#routing}`)
    this.#process?.engine.reload(slos, this.#routes())
  }

  /** Posts a silence or acknowledges, if a process runs that can. */
  async interfere(kind: 'silence' | 'acknowledge', minutes: number): Promise<void> {
    const running = this.#process
    if (running === undefined || running.life.isOver) return
    const { engine, life } = running
    const now = this.clock.now()
    const by = { createdBy: 'ana', createdAt: now, comment: 'x', endedBy: null }
    const until = now + minutes * minuteMs
    const slo = this.chance.pick(sloNames)
    this.say(`${kind} ${slo} for ${minutes} min`)
    const work =
      kind === 'silence'
        ? engine.post({
            silences: [
              {
                id: `s${now}`,
                matchers: [{ label: 'slo', operator: '=', value: slo }],
                startsAt: now,
                endsAt: until,
                ...by,
              },
            ],
            annotations: [],
          })
        : engine.acknowledge([...engine.desk.incidents()].find(({ key }) => key === slo)?.id ?? '', {
            by: 'ana',
            at: now,
            until,
            note: '',
          })
    await Promise.race([work.catch((error: unknown) => this.say(`${kind} failed: ${String(error)}`)), life.over])
  }

  /** A step of time: traffic comes, what is due is decided, messages move. */
  async step({ missed = false, twice = false } = {}): Promise<void> {
    await this.clock.advance(stepMs)
    this.#traffic()
    if (this.#process?.life.isOver === true) this.#bury()
    const isUndisturbed = this.isDiskFull && this.#process !== undefined && this.pager().weather === 'fine'
    this.unwrittenSteps = isUndisturbed ? this.unwrittenSteps + 1 : 0
    this.#process ??= await this.#start()
    if (this.#process === undefined) return
    if (!missed) this.#send(this.#process.engine)
    if (twice) this.#send(this.#process.engine)
    await this.#evaluate(this.#process)
    await this.clock.advance(0)
  }

  /** Dies where it stands. */
  kill(): void {
    this.#process?.life.kill()
  }

  /** Ends in an orderly way and starts anew with the next step. */
  async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.life.isOver) return
    this.say('stops in order')
    const { delivery, engine, life } = this.#process
    const stopped = Promise.race([delivery.stop(secondMs), life.over])
    await this.clock.advance(3 * secondMs)
    await stopped
    await Promise.race([engine.checkpoint().catch(() => {}), life.over])
    this.#forget()
    life.kill()
    this.#process = undefined
  }

  async close(): Promise<void> {
    await this.stop()
    await this.store.close()
  }

  #routes(): Routing {
    const flapping = { ...plainRouting.policy.flapping, quietMs: 3 * minuteMs }
    const policy = { ...plainRouting.policy, repeatEveryMs: hourMs, flapping }
    return { ...plainRouting, policy, ...routings[this.#routing] }
  }

  async #start(): Promise<Process | undefined> {
    const life = new Life(() => this.isDiskFull)
    const world = { now: () => this.clock.now(), log: this.log, meter: this.#meter, isOutage: isFullDisk }
    const store = emergencyStore(mortal(sabotaged(this.store, this.#sabotage), life), world)
    const engine = new Engine({ stepMs, delayMs: 0 }, slos, this.#routes(), { store, now: () => this.clock.now() })
    await Promise.race([engine.restore(), life.over])
    const receivers = [...this.pagers.values()].map((pager) => pager.receiver(() => life.isOver))
    const { clock, log, chance } = this
    const delivery = startDelivery({ store, receivers, clock, random: chance.next, log, meter: recordingMeter() })
    this.say('starts')
    return { life, engine, delivery, store }
  }

  #forget(): void {
    if ((this.#process?.store.outage?.held ?? 0) === 0) return
    this.hasForgotten = true
    this.say('decisions that were held are forgotten')
  }

  #bury(): void {
    this.kills++
    this.#forget()
    this.say(`killed ${this.#process?.life.lastOperation ?? ''}`)
    this.#process = undefined
  }

  async #evaluate({ engine, life, delivery }: Process): Promise<void> {
    const work = async (): Promise<void> => {
      for (let result = await engine.tick(); result !== undefined; result = await engine.tick()) {
        for (const { kind, incidentId, reason } of result.incidentEvents) this.say(`${incidentId} ${kind}: ${reason}`)
        this.lostPages += result.audits.filter(({ verdict }) => verdict === 'lost').length
        if (result.deliveries.length > 0) delivery.notify()
      }
      if (++this.#ticks % 4 === 0) await engine.checkpoint()
    }
    await Promise.race([work().catch((error: unknown) => this.say(`tick failed: ${String(error)}`)), life.over])
    await setImmediate()
  }

  #traffic(): void {
    for (const place of this.places) {
      const counts = this.#counts.get(place) ?? { bad: 0, total: 0 }
      counts.total += 100
      if (this.burning.has(place)) counts.bad += 50
      this.#counts.set(place, counts)
    }
  }

  #send(engine: Engine): void {
    const time = this.clock.now()
    const samples = [...this.#counts].flatMap(([place, { bad, total }]) => {
      const [slo, region] = place.split(' ')
      return [
        { labels: { __name__: 'bad', slo, region }, time, value: bad },
        { labels: { __name__: 'total', slo, region }, time, value: total },
      ]
    })
    send(engine.sink, samples)
  }
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && error.message === fullDisk
}

function sabotaged(store: Store, sabotage: Sabotage | undefined): Store {
  if (sabotage === undefined) return store
  const { outbox } = store
  if (sabotage === 'forgets-attempts') return { ...store, outbox: { ...outbox, recover: async () => 0 } }
  // A key with the time in it, as people write them: the beginning and the end are of two incidents.
  const commit: Store['commit'] = (tick) => {
    const deliveries = tick.deliveries.map((one) => {
      const { notification } = one
      return { ...one, notification: { ...notification, key: `${notification.key} ${notification.at}` } }
    })
    return store.commit({ ...tick, deliveries })
  }
  return { ...store, commit }
}
