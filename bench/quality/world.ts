import { type Chance, chance } from './chance.ts'
import { families, type Story, tickSeconds, worldTicks } from './families.ts'

/** The share of all traffic that each region has; the smallest is a hundredth. */
export const regionShares = [0.55, 0.25, 0.14, 0.05, 0.01] as const

/** Requests a second over all regions, on average. */
export const profiles = { HIGH: 400, MID: 8, LOW: 0.5 } as const
export type Profile = keyof typeof profiles
export const profileNames = ['HIGH', 'MID', 'LOW'] as const satisfies readonly Profile[]

/** Which world: the same three words are the same world. */
export interface Scenario {
  readonly family: string
  readonly profile: Profile
  readonly seed: number
  /** Mean seconds between the failures of one client's burst; 0 puts them all into one step. */
  readonly spreadSeconds: number
}

/** Ten days of one service, tick by tick. */
export interface World {
  readonly scenario: Scenario
  readonly story: Story
  /** By region and tick. */
  readonly total: readonly Uint32Array[]
  readonly bad: readonly Uint32Array[]
  /** Requests expected in a tick, by region. */
  readonly expected: (region: number, tick: number) => number
}

/** Draws a world: traffic that swings over the day, failures that mean nothing, and the story of its family. */
export function drawWorld(scenario: Scenario): World {
  const { family, profile, seed, spreadSeconds } = scenario
  const streamOf = (stream: string): Chance => chance(`${family}|${profile}|${seed}|${stream}`)
  const story = families[family](streamOf('story'))
  const phases = regionShares.map((_, region) => streamOf(`phase${region}`).uniform())
  const expected = (region: number, tick: number): number => {
    const day = (tick * tickSeconds) / 86_400
    const swing = 1 + story.swing * Math.sin(2 * Math.PI * (day + phases[region]))
    return regionShares[region] * profiles[profile] * tickSeconds * swing * story.traffic(tick)
  }
  const total = regionShares.map(() => new Uint32Array(worldTicks))
  const bad = regionShares.map(() => new Uint32Array(worldTicks))
  for (const region of regionShares.keys()) {
    const requests = streamOf(`requests${region}`)
    const failures = streamOf(`failures${region}`)
    const troubles = story.happenings.flatMap((each) => each.troubles)
    for (let tick = 0; tick < worldTicks; tick++) {
      const count = requests.poisson(expected(region, tick))
      let well = 1 - story.usual
      for (const trouble of troubles) {
        if (tick < trouble.from || tick >= trouble.to) continue
        if (trouble.region === 'all' || trouble.region === region) well *= 1 - trouble.failing(tick)
      }
      total[region][tick] = count
      bad[region][tick] = failures.binomial(count, 1 - well)
    }
  }
  addBursts({ total, bad }, streamOf('bursts'), spreadSeconds)
  addPodBlips({ total, bad }, streamOf('pods'))
  return { scenario, story, total, bad, expected }
}

type Counts = Pick<World, 'total' | 'bad'>

/** Twice a day one client fails a few times: four on average, and mostly at once. */
function addBursts({ total, bad }: Counts, drawn: Chance, spreadSeconds: number): void {
  for (let tick = drawn.exponential(2_880); tick < worldTicks; tick += drawn.exponential(2_880)) {
    const region = drawn.weighted(regionShares)
    let at = tick
    for (let left = drawn.geometric(4); left > 0; left--) {
      const place = Math.floor(at)
      if (place >= worldTicks) break
      total[region][place]++
      bad[region][place]++
      if (spreadSeconds > 0) at += drawn.exponential(spreadSeconds / tickSeconds)
    }
  }
}

/** Once a day a pod is replaced: 5 % fail for half a minute. */
function addPodBlips({ total, bad }: Counts, drawn: Chance): void {
  for (let tick = drawn.exponential(5_760); tick < worldTicks - 2; tick += drawn.exponential(5_760)) {
    const region = drawn.weighted(regionShares)
    for (const place of [Math.floor(tick), Math.floor(tick) + 1]) {
      const good = total[region][place] - bad[region][place]
      bad[region][place] += drawn.binomial(good, 0.05)
    }
  }
}
