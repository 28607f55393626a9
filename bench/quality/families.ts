import type { Chance } from './chance.ts'

/** Seconds of one evaluation step. */
export const tickSeconds = 15
/** Three days to learn what is usual, then seven that are judged. */
export const warmUpTicks = 3 * 5_760
export const worldTicks = 10 * 5_760

/** What is wrong between two ticks. */
export interface Trouble {
  readonly from: number
  readonly to: number
  /** One region, or all. */
  readonly region: number | 'all'
  /** The share of requests that fails beyond the usual, at a tick. */
  readonly failing: (tick: number) => number
}

/** Something that happens, as whoever judges pages sees it: one incident, or one thing that is none. */
export interface Happening {
  readonly from: number
  readonly to: number
  readonly troubles: readonly Trouble[]
}

/** What a family of scenarios does to a world. */
export interface Story {
  readonly happenings: readonly Happening[]
  /** Regions of which nothing arrives for a while. */
  readonly gaps: readonly { readonly region: number; readonly from: number; readonly to: number }[]
  /** Ticks at which every counter begins anew. */
  readonly resets: readonly number[]
  /** The share of requests that fails usually. */
  readonly usual: number
  /** How far traffic moves over a day, around its mean. */
  readonly swing: number
  /** Traffic as a share of the usual, at a tick. */
  readonly traffic: (tick: number) => number
}

const minutes = (count: number): number => Math.round((count * 60) / tickSeconds)
const hours = (count: number): number => minutes(60 * count)

const quiet: Story = {
  happenings: [],
  gaps: [],
  resets: [],
  usual: 0.000_2,
  swing: 0.6,
  traffic: () => 1,
}

/** The incident suite: what must page, what must not, and what only looks like it. */
export const families: Readonly<Record<string, (chance: Chance) => Story>> = {
  healthy: () => quiet,
  hot_baseline: () => ({ ...quiet, usual: 0.000_8 }),
  diurnal_night: () => ({ ...quiet, swing: 0.98 }),
  hard_outage: (chance) => ({ ...quiet, happenings: [once(chance, minutes(chance.between(10, 40)), 'all', () => 1)] }),
  moderate_burn: (chance) => {
    const failing = chance.between(0.008, 0.012)
    return { ...quiet, happenings: [once(chance, hours(8), 'all', () => failing)] }
  },
  partial_regional: (chance) => {
    const region = 2 + chance.index(3)
    const failing = [0.1, 0.5, 1][chance.index(3)]
    return { ...quiet, happenings: [once(chance, minutes(chance.between(45, 120)), region, () => failing)] }
  },
  slow_leak: (chance) => {
    const failing = chance.between(0.002_2, 0.002_8)
    return { ...quiet, happenings: [once(chance, hours(72), 'all', () => failing)] }
  },
  brief_blip: (chance) => {
    const region = chance.uniform() < 0.5 ? 'all' : chance.index(5)
    return { ...quiet, happenings: several(5, () => once(chance, 1 + chance.index(2), region, () => 1)) }
  },
  flapping: (chance) => {
    const from = start(chance, hours(3))
    const failing = (tick: number): number => ((tick - from) % minutes(10) < minutes(2) ? 0.4 : 0)
    return { ...quiet, happenings: [happening(from, hours(3), 'all', failing)] }
  },
  deploy_spike: (chance) => ({
    ...quiet,
    happenings: several(6, () => once(chance, minutes(3), 'all', () => 0.12)),
  }),
  gradual_ramp: (chance) => {
    const from = start(chance, hours(5))
    const failing = (tick: number): number => 0.1 * Math.min(1, (tick - from) / hours(4))
    return { ...quiet, happenings: [happening(from, hours(5), 'all', failing)] }
  },
  region_partition: (chance) => {
    const region = chance.index(5)
    const made = once(chance, minutes(chance.between(30, 60)), region, () => 1)
    return { ...quiet, happenings: [made], gaps: [{ region, from: made.from, to: made.to }] }
  },
  telemetry_gap: (chance) => ({
    ...quiet,
    gaps: Array.from({ length: 4 }, () => {
      const length = minutes(chance.between(2, 4))
      const from = start(chance, length)
      return { region: chance.index(5), from, to: from + length }
    }),
  }),
  counter_resets: (chance) => {
    const from = start(chance, hours(3))
    return { ...quiet, resets: Array.from({ length: 9 }, (_, index) => from + index * minutes(20)) }
  },
  traffic_collapse: (chance) => {
    const made = once(chance, hours(6), 'all', () => 0.02)
    const traffic = (tick: number): number => (tick >= made.from && tick < made.to ? 0.01 : 1)
    return { ...quiet, happenings: [made], traffic }
  },
}

function start(chance: Chance, length: number): number {
  return warmUpTicks + chance.index(worldTicks - warmUpTicks - length)
}

function once(chance: Chance, length: number, region: Trouble['region'], failing: (tick: number) => number): Happening {
  return happening(start(chance, length), length, region, failing)
}

function happening(
  from: number,
  length: number,
  region: Trouble['region'],
  failing: (tick: number) => number,
): Happening {
  const to = from + length
  return { from, to, troubles: [{ from, to, region, failing }] }
}

/** So far apart that each is an event of its own. */
function several(count: number, draw: () => Happening): Happening[] {
  const drawn: Happening[] = []
  for (let tries = 0; drawn.length < count && tries < 1_000; tries++) {
    const next = draw()
    if (drawn.every(({ from }) => Math.abs(from - next.from) > hours(8))) drawn.push(next)
  }
  return drawn.sort((a, b) => a.from - b.from)
}
