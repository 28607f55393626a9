import type { DurationMs } from '../model/units.ts'
import { incompleteBeta } from './incomplete-beta.ts'

/** What a forecast rests on: what failed lately, and how the budget will stand at moments to come. */
export interface ForecastGround {
  /** Bad events lately. */
  readonly bad: number
  /** Events in which they came: operational time, in which the day has no ups and downs. */
  readonly exposure: number
  /** How much more failures bunch than chance has it: 1 where each is on its own. */
  readonly dispersion: number
  /** Moments to come, soonest first, up to one SLO window ahead or to the end of a calendar window. */
  readonly ahead: readonly Ahead[]
}

/** How the budget will stand at a moment to come, but for the failures until then. */
export interface Ahead {
  readonly afterMs: DurationMs
  /** Events to be expected until then. */
  readonly exposure: number
  /** Bad events that may come until then before the budget is spent; old ones that leave the window are taken off. */
  readonly room: number
}

/** A quantity that is not known yet: half of what may happen lies below `expected`, nine tenths between `low` and `high`. */
export interface Range {
  readonly low: number | null
  readonly expected: number | null
  readonly high: number | null
}

/** Fewer failures than this tell no rate: one more or less would double or halve it. */
const badMin = 3

/** Larger shape parameters are as good as certain, and the fraction of the beta function gets slow. */
const shapeMax = 20_000

const quantiles = { low: 0.05, expected: 0.5, high: 0.95 } as const

/**
 * When the budget is spent if it goes on like this, in milliseconds from now. Each end is null where it lies beyond the time
 * looked at; without failures only `low` may be said, and with few only `low` and nothing else.
 *
 * The rate has a gamma posterior (Jeffreys' prior) after `bad` failures in an exposure E, so that the chance that the room R is
 * used up within the exposure D is I_{D/(D+E)}(R, bad + 1/2). Failures that bunch count as fewer: R and bad are divided by the
 * index of dispersion.
 */
export function exhaustionForecast(ground: ForecastGround): Range {
  if (!(ground.exposure > 0)) return unknownRange
  const low = whenChance(ground, quantiles.low)
  if (ground.bad < badMin) return { low, expected: null, high: null }
  return { low, expected: whenChance(ground, quantiles.expected), high: whenChance(ground, quantiles.high) }
}

/** Further failures until a moment to come; all null where that would be a guess. */
export function failuresForecast(ground: ForecastGround, exposureAhead: number): Range {
  const at = (quantile: number) => failuresQuantile(ground, exposureAhead, quantile)
  return { low: at(quantiles.low), expected: at(quantiles.expected), high: at(quantiles.high) }
}

/** Further failures until a moment to come that are not exceeded with this chance; null where that would be a guess. */
export function failuresQuantile(ground: ForecastGround, exposureAhead: number, quantile: number): number | null {
  if (!(ground.exposure > 0) || ground.bad < badMin) return null
  return failuresAt(ground, exposureAhead, quantile)
}

/** A quantity of which nothing can be told. */
export const unknownRange: Range = { low: null, expected: null, high: null }

/** The chance that more failures come within an exposure than there is room for. */
export function exhaustionChance({ bad, exposure, dispersion }: ForecastGround, ahead: number, room: number): number {
  if (room <= 0) return 1
  if (ahead <= 0) return 0
  const wanted = { room: room / dispersion, shape: bad / dispersion + 0.5 }
  // A capped shape keeps its ratio to the exposure it stands for: only its certainty is cut.
  const roomScale = Math.min(1, shapeMax / wanted.room)
  const shapeScale = Math.min(1, shapeMax / wanted.shape)
  const aheadScaled = ahead * roomScale
  const exposureScaled = exposure * shapeScale
  const share = aheadScaled / (aheadScaled + exposureScaled)
  return incompleteBeta(share, wanted.room * roomScale, wanted.shape * shapeScale)
}

function whenChance(ground: ForecastGround, quantile: number): DurationMs | null {
  let before = { afterMs: 0, chance: 0 }
  for (const { afterMs, exposure, room } of ground.ahead) {
    const chance = exhaustionChance(ground, exposure, room)
    if (chance >= quantile) {
      const share = chance > before.chance ? (quantile - before.chance) / (chance - before.chance) : 1
      return before.afterMs + Math.min(1, Math.max(0, share)) * (afterMs - before.afterMs)
    }
    before = { afterMs, chance: Math.max(before.chance, chance) }
  }
  return null
}

/** Solves the chance of more than so many failures for their number, by halving. */
function failuresAt(ground: ForecastGround, exposureAhead: number, quantile: number): number {
  const mean = ((ground.bad + 0.5) / ground.exposure) * exposureAhead
  let low = 0
  let high = Math.max(1, mean)
  while (exhaustionChance(ground, exposureAhead, high) > 1 - quantile) high *= 2
  for (let round = 0; round < 60 && high - low > 1e-9 * high; round++) {
    const middle = (low + high) / 2
    if (exhaustionChance(ground, exposureAhead, middle) > 1 - quantile) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * How much more failures bunch than chance has it, from blocks of time: the variance of their numbers around what the mean
 * error ratio makes of the events of each block, over that expectation. At least 1.
 */
export function dispersionOf(blocks: readonly { readonly bad: number; readonly total: number }[]): number {
  const busy = blocks.filter(({ total }) => total > 0)
  const total = busy.reduce((sum, block) => sum + block.total, 0)
  const bad = busy.reduce((sum, block) => sum + block.bad, 0)
  if (bad <= 0 || busy.length < 2) return 1
  const squares = busy.reduce((sum, block) => {
    const expected = (bad / total) * block.total
    return sum + (block.bad - expected) ** 2 / expected
  }, 0)
  return Math.max(1, squares / (busy.length - 1))
}
