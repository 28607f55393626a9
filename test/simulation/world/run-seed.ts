import assert from 'node:assert/strict'
import { allSettings, regions } from './settings.ts'
import { weathers } from './weather.ts'
import { type Sabotage, World } from './world.ts'

/** What a seed's run came to. */
export interface SeedRun {
  readonly seed: number
  readonly trace: readonly string[]
  readonly kills: number
  readonly incidents: number
  readonly messages: number
  /** What was wrong; undefined where nothing was. */
  readonly fault: string | undefined
}

const faultySteps = 50
const burnsLongMost = 20

/** First safety under faults, then everything heals and what is left must come to its end. */
export async function runSeed(seed: number, sabotage?: Sabotage): Promise<SeedRun> {
  const world = new World(seed, sabotage)
  let fault: string | undefined
  try {
    await disturb(world)
    await heal(world)
    await checkEnd(world)
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error)
  }
  const { trace, kills } = world
  const { model, taken } = world.pager()
  await world.close()
  return { seed, trace, kills, incidents: model.incidents.length, messages: taken.length, fault }
}

async function disturb(world: World): Promise<void> {
  const { chance } = world
  const clearsUp = chance.pick([0.05, 0.15])
  for (let quiet = 0; quiet < 10; quiet++) await world.step()
  for (let step = 0; step < faultySteps; step++) {
    moveFires(world)
    for (const pager of world.pagers.values()) {
      if (chance.happens(0.15)) pager.weather = chance.pick(weathers)
      if (chance.happens(clearsUp)) pager.weather = 'fine'
    }
    if (chance.happens(0.08)) world.life?.dieAt(1 + chance.below(20), chance.happens(0.5))
    if (chance.happens(0.02)) world.kill()
    if (chance.happens(0.03)) await world.stop()
    if (chance.happens(0.06)) world.life?.fail(1 + chance.below(12))
    if (chance.happens(world.isDiskFull ? 0.08 : 0.02)) {
      world.isDiskFull = !world.isDiskFull
      world.say(`the disk is ${world.isDiskFull ? 'full' : 'free'}`)
    }
    if (chance.happens(0.05)) world.reload()
    if (chance.happens(0.02)) world.maintain(1 + chance.below(4))
    if (chance.happens(0.02)) await world.endSilence()
    if (chance.happens(0.02)) world.dark.add(chance.pick(regions))
    if (chance.happens(0.1)) world.dark.clear()
    if (chance.happens(0.03)) await world.silence(1 + chance.below(5))
    if (chance.happens(0.03)) await world.acknowledge(1 + chance.below(10))
    await world.step({ missed: chance.happens(0.05), twice: chance.happens(0.05) })
    checkAlways(world)
  }
}

function moveFires({ burning, smouldering, chance, places }: World): void {
  for (const fires of [burning, smouldering]) {
    if (chance.happens(0.08)) fires.add(chance.pick(places))
    for (const place of fires) if (chance.happens(1 / burnsLongMost)) fires.delete(place)
  }
}

async function heal(world: World): Promise<void> {
  world.say('everything heals')
  world.burning.clear()
  world.smouldering.clear()
  world.dark.clear()
  world.reload(allSettings[0])
  world.isDiskFull = false
  for (const pager of world.pagers.values()) pager.weather = 'fine'
  for (let step = 0; step < 60; step++) {
    world.life?.heal()
    await world.step()
  }
  checkAlways(world)
}

/** What holds at every moment, whatever fails. */
function checkAlways(world: World): void {
  const { pagers, lostPages, latePages, unwrittenSteps, duePages, hasForgotten, quiet, isDiskFull } = world
  assert.equal(lostPages, 0, 'an open page is neither delivered nor on its way')
  if (!isDiskFull) assert.deepEqual(latePages, [], 'the fallback receiver is told of what is late')
  if (!hasForgotten) assert.equal(quiet.fault, undefined)
  if (unwrittenSteps >= 10) {
    const open = pagers.get('pager')?.model.open ?? []
    for (const key of duePages) assert.ok(open.includes(key), `the disk is full, and the pager does not hear of ${key}`)
  }
  if (hasForgotten) return
  for (const [name, { model, taken }] of pagers) {
    const episodes = model.incidents.map(({ key, episode }) => `${key}@${episode}`)
    const again = episodes.find((one, index) => episodes.indexOf(one) !== index)
    assert.equal(again, undefined, `${name} opened ${again} twice`)
    const newest = new Map<string, number>()
    for (const { delivery } of taken) {
      const { episode, notification } = delivery
      const chain = `${notification.key}@${episode}`
      const known = newest.get(chain) ?? 0
      assert.ok(
        notification.revision >= known,
        `${name} was given revision ${notification.revision} of ${chain} after ${known}`,
      )
      newest.set(chain, notification.revision)
    }
  }
}

/** What must have come about once all has healed. */
async function checkEnd({ pagers, store, hasForgotten, hasSentUnstored }: World): Promise<void> {
  const waiting = await store.outbox.depths()
  assert.deepEqual([...waiting], [], 'the outbox is empty')
  const open = await store.incidents.list({ state: 'open', limit: 100 })
  assert.deepEqual(
    open.map(({ key }) => key),
    [],
    'every incident is over',
  )
  const active = await store.episodes({ activeOnly: true, limit: 100 })
  assert.deepEqual(
    active.map(({ id }) => id.slo),
    [],
    'every alert has resolved',
  )
  if (hasForgotten) return
  for (const [name, { model }] of pagers) assert.deepEqual(model.open, [], `${name} holds nothing open`)
  for (const [name, { taken, model }] of pagers) {
    const heard = new Set(taken.map(({ delivery }) => `${delivery.notification.key}@${delivery.episode}`))
    const opened = new Set(model.incidents.map(({ key, episode }) => `${key}@${episode}`))
    for (const { id, key, openedAt, telling } of await store.incidents.list({ limit: 1_000 })) {
      const isPaged = telling.told.some(({ receiver, severity }) => receiver === name && severity === 'page')
      const timeline = await store.incidents.timeline(id)
      // What keeps it quiet withdraws what has not gone out, and who looks after it those to whom it was handed on.
      const quiet = new Set<string>(['silenced', 'muted', ...(name === 'pager' ? [] : ['acknowledged'])])
      const wasQuiet = timeline?.events.some(({ kind }) => quiet.has(kind)) === true
      // What goes out of memory before the end of the one before it is one with it at a pager.
      const isHeardOf = opened.has(`${key}@${openedAt}`) || (hasSentUnstored && heard.has(`${key}@${openedAt}`))
      if (isPaged && !wasQuiet) assert.ok(isHeardOf, `${name} never heard of ${key}@${openedAt}`)
    }
  }
}
