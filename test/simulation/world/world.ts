import { setImmediate } from 'node:timers/promises'
import type { Exclusion } from '../../../src/core/model/exclusion.ts'
import { minuteMs, secondMs } from '../../../src/core/model/units.ts'
import { type RunningDelivery, startDelivery } from '../../../src/delivery/outbox-worker.ts'
import { Engine } from '../../../src/engine/engine.ts'
import type { TickResult } from '../../../src/engine/tick.ts'
import type { Receiver } from '../../../src/ports/receiver.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type EmergencyStore, emergencyStore } from '../../../src/storage/emergency/emergency-store.ts'
import { openSqliteStore } from '../../../src/storage/sqlite/open-sqlite-store.ts'
import { recordingLog, recordingMeter } from '../../support/delivery-recorders.ts'
import { send } from '../../support/engine-world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { Chance } from './chance.ts'
import { fullDisk, Life, mortal } from './mortal.ts'
import { QuietTimes } from './quiet-times.ts'
import {
  allSettings,
  aMaintenance,
  mayHearOfTickets,
  pagerNames,
  regions,
  routingOf,
  type Settings,
  sloNames,
  slosOf,
  startedAt,
} from './settings.ts'
import { WeatheredPager } from './weather.ts'

const stepMs = 15 * secondMs
/** Faults of our own, to show that the checks would find them. */
export type Sabotage = 'forgets-attempts' | 'keys-hold-times' | 'withdraws-nothing'

interface Process {
  readonly life: Life
  readonly engine: Engine
  readonly delivery: RunningDelivery
  readonly store: EmergencyStore
  /** Who is delivered to: also those whom an earlier config of this process named. */
  receivers: readonly Receiver[]
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
  /** SLO and region of what burns slowly. */
  readonly smouldering = new Set<string>()
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
  #settings: Settings
  #maintenances: readonly Exclusion[] = []
  /** Regions of which nothing comes. */
  readonly dark = new Set<string>()
  /** What people asked for, and whether it is kept. */
  readonly quiet = new QuietTimes()
  #ticks = 0
  readonly #turns: number[] = []
  /** When a process began or a config came into force, or something but a pager failed. */
  #disturbedAt = startedAt
  readonly #silences = new Map<string, { to: number }>()
  readonly #counts = new Map<string, { bad: number; total: number }>()

  readonly #sabotage: Sabotage | undefined

  constructor(seed: number, sabotage?: Sabotage) {
    this.#sabotage = sabotage
    this.chance = new Chance(seed)
    this.#settings = this.chance.pick(allSettings)
    const say = (line: string) => this.say(line)
    this.pagers = new Map(
      pagerNames.map((name) => [name, new WeatheredPager(name, this.clock, this.chance, say)] as const),
    )
    for (const [name, pager] of this.pagers) {
      pager.onAttempt = ({ notification }) => {
        if (notification.kind !== 'incident') return
        const incident = this.#process?.engine.desk.incident(notification.incidentId)
        // What opened and is over is told however late, since its end is.
        if (incident?.phase.kind !== 'open') return
        this.quiet.attempted(notification, incident, name, this.#knownSince, this.clock.now())
      }
    }
  }

  /** When the turn before the last one was stored: what was asked for by then is known to all that was decided since. */
  get #knownSince(): number {
    return this.#turns.at(-2) ?? this.clock.now()
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

  /** Keys of pages not known to have arrived for longer than the fallback receiver is waited with, while only pagers failed. */
  get latePages(): readonly string[] {
    const { fallback } = this.#settings.more
    const engine = this.#process?.engine
    if (fallback === undefined || engine === undefined) return []
    const before = this.clock.now() - fallback.afterMs - 3 * stepMs
    return [...engine.desk.incidents()].flatMap(({ key, phase, telling, alerts, acknowledgement, openedAt }) => {
      const burns = alerts.some((one) => one.id.severity === 'page' && one.hush === null && one.resolvedAt === null)
      const isLate = Math.max(telling.wokeAt ?? openedAt, this.#disturbedAt) < before
      const isOpen = phase.kind === 'open' && telling.severity === 'page' && burns && acknowledgement === null
      return isOpen && isLate && !telling.proven && !telling.fellBack ? [key] : []
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

  /** Another config comes into force. */
  reload(settings = this.chance.pick(allSettings)): void {
    this.#settings = settings
    this.say(`reload: ${settings.name}`)
    this.#disturbedAt = this.clock.now()
    if (this.#process === undefined || this.#process.life.isOver) return
    const named = this.#receivers(this.#process.life)
    const gone = this.#process.receivers.filter(({ name }) => !settings.receivers.includes(name))
    this.#process.receivers = [...named, ...gone]
    this.#process.delivery.change(this.#process.receivers)
    this.#process.engine.reload(slosOf(settings), routingOf(settings))
  }

  /** Maintenance that begins now keeps something quiet. */
  maintain(minutes: number): void {
    const now = this.clock.now()
    const until = now + minutes * minuteMs
    const slo = this.chance.pick(sloNames)
    const region = this.chance.pick([undefined, ...regions])
    this.say(`maintenance of ${slo} in ${region ?? 'all regions'} for ${minutes} min`)
    this.#maintenances = [...this.#maintenances, aMaintenance(slo, region, now, until)]
    this.quiet.quieten(slo, region, now, until)
    this.#process?.engine.setExclusions(this.#maintenances)
  }

  /** The newest silence ends early. */
  async endSilence(): Promise<void> {
    const running = this.#process
    if (running === undefined || running.life.isOver) return
    const now = this.clock.now()
    const silence = running.engine.desk.silences.findLast(({ endsAt }) => endsAt > now)
    if (silence === undefined) return
    this.say(`silence ${silence.id} ends early`)
    // Whether it is ended is not known before that is stored.
    const known = this.#silences.get(silence.id)
    if (known !== undefined) known.to = now
    const ended = { ...silence, endsAt: now, endedBy: 'bo' }
    await this.#await(running, 'ending a silence', async () => {
      this.#note(running, await running.engine.post({ silences: [ended], annotations: [] }))
    })
  }

  /** Somebody keeps an SLO quiet for a while, if a process runs. */
  async silence(minutes: number): Promise<void> {
    const running = this.#process
    if (running === undefined || running.life.isOver) return
    const startsAt = this.clock.now()
    const endsAt = startsAt + minutes * minuteMs
    const slo = this.chance.pick(sloNames)
    const id = `s${startsAt}`
    const matchers = [{ label: 'slo', operator: '=', value: slo } as const]
    const by = { createdBy: 'ana', createdAt: startsAt, comment: 'x', endedBy: null }
    this.say(`silence ${id} of ${slo} for ${minutes} min`)
    await this.#await(running, 'a silence', async () => {
      const silences = [{ id, matchers, startsAt, endsAt, ...by }]
      const result = await running.engine.post({ silences, annotations: [] })
      this.#silences.set(id, this.quiet.quieten(slo, undefined, startsAt, endsAt))
      this.#note(running, result)
    })
  }

  /** Somebody looks after what is open of an SLO, if a process runs. */
  async acknowledge(minutes: number): Promise<void> {
    const running = this.#process
    if (running === undefined || running.life.isOver) return
    const at = this.clock.now()
    const until = at + minutes * minuteMs
    const slo = this.chance.pick(sloNames)
    const open = [...running.engine.desk.incidents()].find(({ key, phase }) => key === slo && phase.kind !== 'closed')
    if (open === undefined) return
    this.say(`somebody looks after ${slo} for ${minutes} min`)
    await this.#await(running, 'an acknowledgement', async () => {
      const result = await running.engine.acknowledge(open.id, { by: 'ana', at, until, note: '' })
      if (result === undefined) return
      this.quiet.lookAfter(open.id, until)
      this.#note(running, result)
    })
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

  #receivers(life: Life): readonly Receiver[] {
    return this.#settings.receivers.map((name) => this.pager(name).receiver(() => life.isOver))
  }

  async #await({ life }: Process, what: string, work: () => Promise<void>): Promise<void> {
    await Promise.race([work().catch((error: unknown) => this.say(`${what} failed: ${String(error)}`)), life.over])
  }

  async #start(): Promise<Process | undefined> {
    const life = new Life(() => this.isDiskFull)
    const world = { now: () => this.clock.now(), log: this.log, meter: this.#meter, isOutage: isFullDisk }
    const store = emergencyStore(mortal(sabotaged(this.store, this.#sabotage), life), world)
    const settings = { stepMs, delayMs: 0 }
    const now = () => this.clock.now()
    const engine = new Engine(settings, slosOf(this.#settings), routingOf(this.#settings), { store, now })
    await Promise.race([engine.restore(), life.over])
    engine.setExclusions(this.#maintenances)
    const receivers = this.#receivers(life)
    const { clock, log, chance } = this
    const delivery = startDelivery({ store, receivers, clock, random: chance.next, log, meter: recordingMeter() })
    this.say('starts')
    this.#disturbedAt = this.clock.now()
    return { life, engine, delivery, store, receivers }
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

  async #evaluate(running: Process): Promise<void> {
    const { engine, life } = running
    const work = async (): Promise<void> => {
      for (let result = await engine.tick(); result !== undefined; result = await engine.tick()) {
        this.lostPages += result.audits.filter(({ verdict }) => verdict === 'lost').length
        this.#note(running, result)
        this.#turns.push(this.clock.now())
      }
      if (++this.#ticks % 4 === 0) await engine.checkpoint()
    }
    await Promise.race([work().catch((error: unknown) => this.#fails(error)), life.over])
    await setImmediate()
  }

  #fails(error: unknown): void {
    this.say(`tick failed: ${String(error)}`)
    this.#disturbedAt = this.clock.now()
  }

  #note({ delivery }: Process, { incidentEvents, deliveries }: TickResult): void {
    for (const { kind, incidentId, reason } of incidentEvents) this.say(`${incidentId} ${kind}: ${reason}`)
    const now = this.clock.now()
    this.quiet.decided(deliveries, incidentEvents, now, (name) => mayHearOfTickets(this.#settings, name, now))
    if (deliveries.length > 0) delivery.notify()
  }

  #traffic(): void {
    for (const place of this.places) {
      const counts = this.#counts.get(place) ?? { bad: 0, total: 0 }
      counts.total += 100
      if (this.burning.has(place)) counts.bad += 50
      else if (this.smouldering.has(place)) counts.bad += 1
      this.#counts.set(place, counts)
    }
  }

  #send(engine: Engine): void {
    const time = this.clock.now()
    const samples = [...this.#counts].flatMap(([place, { bad, total }]) => {
      const [slo, region] = place.split(' ')
      if (this.dark.has(region)) return []
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
  if (sabotage === 'withdraws-nothing') {
    return { ...store, commit: (tick) => store.commit({ ...tick, superseded: [] }) }
  }
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
