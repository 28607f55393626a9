/**
 * The evidence rule once more, over whole arrays of ticks of 15 s and with all constants written out: what the engine decides
 * step by step must come out the same. For 99.9 % over 30 days and the workbook's page rules.
 */

/** By region and tick, the events of that tick. */
export interface TickCounts {
  readonly total: readonly (readonly number[])[]
  readonly bad: readonly (readonly number[])[]
}

/** Ticks in which a page is open, from the first to the one after the last. */
export type Interval = readonly [from: number, to: number]

const budget = 0.001
const ticksPerHour = 240
const ticksPerMonth = 30 * 24 * ticksPerHour
const tiers = [
  { long: ticksPerHour, short: 20, burn: 14.4, share: 0.02 },
  { long: 6 * ticksPerHour, short: 120, burn: 6, share: 0.05 },
]
const weighed = [4, 14.4, 50, 200, 700]
const recovered = Math.log(100)
const holds = [0, 20, 40, 80, 80]

/** The two constants in which the built-in policy differs from the reference that the fixtures were simulated with. */
export interface OracleConstants {
  readonly falseAlarmHours: number
  readonly clumpsBelow: number
}

/** Those of the built-in policy. */
export const builtIn: OracleConstants = { falseAlarmHours: 7 * 24, clumpsBelow: 60 }

/** The page intervals of each region, and of the global scope last. */
export function oraclePages({ total, bad }: TickCounts, constants: OracleConstants = builtIn): Interval[][] {
  const regions = total.length
  const ticks = total[0].length
  const sum = (of: readonly (readonly number[])[]): number[] =>
    Array.from({ length: ticks }, (_, tick) => of.reduce((added, each) => added + each[tick], 0))
  const scopes = [...total.keys(), -1].map((region) => {
    const n = region < 0 ? sum(total) : total[region]
    const x = region < 0 ? sum(bad) : bad[region]
    return newScope(n, x, regions + 1, constants)
  })
  const global = scopes[regions]
  const learned = newLearning(regions)
  for (let tick = 0; tick < ticks; tick++) {
    for (const scope of scopes) {
      const wasTogether = scope !== global && scope.together && !global.open
      stepScope(scope, tick, learned.dispersion, wasTogether ? global.recovery : 0)
      scope.together = scope.open && (scope.together || global.open)
    }
    learn(learned, scopes.slice(0, regions), global, tick)
  }
  return scopes.map(({ pages, open }) => (open ? [...pages.slice(0, -1), [pages[pages.length - 1][0], ticks]] : pages))
}

interface Scope {
  readonly n: readonly number[]
  readonly x: readonly number[]
  readonly sumN: number[]
  readonly sumX: number[]
  readonly needed: number
  readonly clumpsBelow: number
  readonly evidence: number[]
  readonly pages: [number, number][]
  recovery: number
  room: number
  clump: number
  crossed: number
  cleared: number
  level: number
  off: number
  open: boolean
  together: boolean
}

function newScope(
  n: readonly number[],
  x: readonly number[],
  scopes: number,
  { falseAlarmHours, clumpsBelow }: OracleConstants,
): Scope {
  return {
    n,
    x,
    sumN: cumulative(n),
    sumX: cumulative(x),
    needed: Math.log(falseAlarmHours * ticksPerHour * scopes * weighed.length),
    clumpsBelow,
    evidence: weighed.map(() => 0),
    pages: [],
    recovery: 0,
    room: 0,
    clump: -1,
    crossed: -1e9,
    cleared: -1e9,
    level: 0,
    off: 0,
    open: false,
    together: false,
  }
}

function stepScope(scope: Scope, tick: number, dispersion: number, globalRecovery: number): void {
  const within = (length: number) => {
    const from = Math.max(0, tick + 1 - length)
    return { n: scope.sumN[tick + 1] - scope.sumN[from], x: scope.sumX[tick + 1] - scope.sumX[from] }
  }
  const n = scope.n[tick]
  const x = scope.x[tick]
  if (n > 0) weigh(scope, tick, n, x, dispersion, 14.4 * budget * within(ticksPerHour).n < scope.clumpsBelow)
  const allowedInMonth = (budget * scope.sumN[tick + 1] * ticksPerMonth) / (tick + 1)
  const severe = tiers.map(({ long, burn, share }) => {
    const seen = within(long)
    return seen.x > burn * budget * seen.n || seen.x > share * allowedInMonth
  })
  const burnsNow = tiers.map(({ short, burn }) => within(short).x > burn * budget * within(short).n)
  if (!scope.open) {
    const held = tiers.some(
      ({ long, short, share }, tier) =>
        severe[tier] &&
        burnsNow[tier] &&
        within(long).x > 0.25 * share * allowedInMonth &&
        scope.crossed > scope.cleared &&
        tick - scope.crossed <= short,
    )
    if (!held) return
    scope.open = true
    scope.off = 0
    scope.level = tick - scope.cleared < ticksPerHour ? Math.min(scope.level + 1, 4) : 0
    scope.pages.push([tick, tick])
    return
  }
  let stays = tiers.some(({ short }, tier) => severe[tier] && (burnsNow[tier] || within(short).n === 0))
  const lately = within(20)
  const isWell = Math.max(scope.recovery, globalRecovery) >= recovered && lately.n > 0 && lately.x <= budget * lately.n
  if (isWell) stays = false
  if (stays) scope.off = 0
  else scope.off++
  if (stays || scope.off <= holds[scope.level]) return
  scope.open = false
  scope.cleared = tick
  scope.evidence.fill(0)
  scope.pages[scope.pages.length - 1][1] = tick
}

function weigh(scope: Scope, tick: number, n: number, x: number, dispersion: number, isSmall: boolean): void {
  const clump = Math.floor(tick / (dispersion > 1.3 ? 20 : 1))
  if (clump !== scope.clump) {
    scope.clump = clump
    scope.room = scope.needed / 2.5
  }
  const room = isSmall ? scope.room : Number.POSITIVE_INFINITY
  let used = 0
  for (const [index, burn] of weighed.entries()) {
    const ratio = (x * Math.log(burn / 2) + (n - x) * Math.log((1 - burn * budget) / (1 - 2 * budget))) / dispersion
    const added = Math.min(ratio, room)
    used = Math.max(used, added)
    scope.evidence[index] = Math.min(scope.needed + 2, Math.max(0, scope.evidence[index] + added))
    if (scope.evidence[index] >= scope.needed) scope.crossed = tick
  }
  if (isSmall) scope.room -= used
  const towards = (n - x) * Math.log((1 - budget) / (1 - 6 * budget)) - x * Math.log(6)
  scope.recovery = Math.min(2 * recovered, Math.max(0, scope.recovery + towards))
}

function newLearning(regions: number) {
  return {
    dispersion: 2,
    squares: 10,
    steps: 5,
    before: Array.from({ length: regions }, () => -1),
    counted: Array.from({ length: regions }, () => 0),
    burning: Array.from({ length: regions }, () => 0),
  }
}

/** Every ten minutes: how many ticks of each region had failures, against the ten minutes before. */
function learn(learned: ReturnType<typeof newLearning>, regions: readonly Scope[], global: Scope, tick: number): void {
  for (const [region, scope] of regions.entries()) {
    if (scope.x[tick] > 0) learned.counted[region]++
    learned.burning[region] = scope.open || global.open ? learned.burning[region] + 1 : 0
    if ((tick + 1) % 40 !== 0) continue
    const now = Math.min(8, learned.counted[region])
    const before = learned.before[region]
    const isLong = learned.burning[region] > 80
    if (!isLong && before >= 0) {
      learned.squares += (now - before) ** 2 / 2
      learned.steps += (now + before) / 2
    }
    learned.before[region] = isLong ? -1 : now
    learned.counted[region] = 0
  }
  if ((tick + 1) % 40 === 0) learned.dispersion = Math.min(20, Math.max(1, learned.squares / learned.steps))
}

function cumulative(counts: readonly number[]): number[] {
  const sums = [0]
  for (const count of counts) sums.push(sums[sums.length - 1] + count)
  return sums
}
