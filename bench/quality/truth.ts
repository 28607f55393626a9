import { type Happening, tickSeconds, worldTicks } from './families.ts'
import { profiles, regionShares, type World } from './world.ts'

/** What a happening should lead to; nobody is blamed for what it does about `either`. */
export type Label = 'page' | 'ticket' | 'either' | 'nothing'

/** A happening, judged by what it is expected to cost. */
export interface JudgedHappening {
  readonly from: number
  readonly to: number
  readonly label: Label
  /** By tick from its start: the share of the month's budget spent in the scope it hits most. */
  readonly spent: readonly number[]
}

export const budgetRatio = 0.001
const monthSeconds = 30 * 86_400
const hourTicks = 3_600 / tickSeconds

/**
 * Judges by expected failures beyond the usual, in each region and over all, against the month's budget in events: a page for
 * 2 % of it within an hour or 5 % within six, where at least five failures are expected; nothing for three quarters of less.
 */
export function judge(world: World): JudgedHappening[] {
  return world.story.happenings.map((happening) => judgeOne(world, happening))
}

function judgeOne(world: World, { from, to, troubles }: Happening): JudgedHappening {
  const scopes = [...regionShares.keys(), 'all' as const].map((scope) => {
    const costs: number[] = []
    const length = Math.min(to, worldTicks) - from
    for (let offset = 0; offset < length; offset++) {
      let cost = 0
      for (const region of scope === 'all' ? regionShares.keys() : [scope]) {
        for (const trouble of troubles) {
          const hits = trouble.region === 'all' || trouble.region === region
          if (hits) cost += world.expected(region, from + offset) * trouble.failing(from + offset)
        }
      }
      costs.push(cost)
    }
    const share = scope === 'all' ? 1 : regionShares[scope]
    const budget = budgetRatio * share * profiles[world.scenario.profile] * monthSeconds
    return { costs, budget, total: sum(costs) }
  })
  const worst = scopes.reduce((a, b) => (b.total / b.budget > a.total / a.budget ? b : a))
  let spent = 0
  return { from, to, label: labelOf(scopes), spent: worst.costs.map((cost) => (spent += cost) / worst.budget) }
}

interface ScopeCost {
  readonly costs: readonly number[]
  readonly budget: number
  readonly total: number
}

function labelOf(scopes: readonly ScopeCost[]): Label {
  const most = scopes.map(({ costs, budget, total }) => ({
    hour: mostWithin(costs, hourTicks) / budget,
    sixHours: mostWithin(costs, 6 * hourTicks) / budget,
    threeDays: mostWithin(costs, 72 * hourTicks) / budget,
    total,
  }))
  if (most.some(({ hour, sixHours, total }) => total >= 5 && (hour >= 0.02 || sixHours >= 0.05))) return 'page'
  if (most.some(({ threeDays, total }) => total >= 5 && threeDays >= 0.1)) return 'ticket'
  if (most.every(({ hour, sixHours }) => hour < 0.015 && sixHours < 0.0375)) return 'nothing'
  return 'either'
}

function mostWithin(costs: readonly number[], length: number): number {
  let within = 0
  let most = 0
  for (const [index, cost] of costs.entries()) {
    within += cost - (index >= length ? costs[index - length] : 0)
    most = Math.max(most, within)
  }
  return most
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
