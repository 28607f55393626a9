/** Seeded chance for the worlds of the benchmark: the same seed is the same world on every machine. */
export interface Chance {
  /** From 0 up to but not 1. */
  uniform(): number
  between(low: number, high: number): number
  /** A whole number from 0 to `count` − 1. */
  index(count: number): number
  /** An index by weights that add up to 1. */
  weighted(weights: readonly number[]): number
  poisson(mean: number): number
  binomial(count: number, probability: number): number
  /** At least 1. */
  geometric(mean: number): number
  exponential(mean: number): number
}

/** Chance of its own for each name (mulberry32 seeded with FNV-1a), so that one thing drawn more often moves no other. */
export function chance(name: string): Chance {
  let state = 2_166_136_261
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619)
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const around = (mean: number, variance: number): number => Math.round(mean + Math.sqrt(variance) * normal())
  const poisson = (mean: number): number => {
    if (mean > 60) return Math.max(0, around(mean, mean))
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = uniform(); product > limit; product *= uniform()) count++
    return count
  }
  /** By the gaps between successes, which are geometric. */
  const rare = (count: number, probability: number): number => {
    const logMiss = Math.log1p(-probability)
    let successes = 0
    for (let at = 0; ; successes++) {
      at += Math.floor(Math.log(1 - uniform()) / logMiss) + 1
      if (at > count) return successes
    }
  }
  const binomial = (count: number, probability: number): number => {
    if (count <= 0 || probability <= 0) return 0
    if (probability >= 1) return count
    if (probability > 0.5) return count - binomial(count, 1 - probability)
    if (count * probability < 60) return rare(count, probability)
    const mean = count * probability
    return Math.min(count, Math.max(0, around(mean, mean * (1 - probability))))
  }
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    index: (count) => Math.floor(uniform() * count),
    weighted: (weights) => {
      let rest = uniform()
      const found = weights.findIndex((weight) => {
        rest -= weight
        return rest < 0
      })
      return found < 0 ? weights.length - 1 : found
    },
    poisson,
    binomial,
    geometric: (mean) => 1 + Math.floor(Math.log(1 - uniform()) / Math.log1p(-1 / mean)),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
  }
}
