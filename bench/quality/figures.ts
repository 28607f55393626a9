import { chance } from './chance.ts'
import type { Score } from './score.ts'

/** What is printed of one policy in one profile. */
export interface Figures {
  readonly scenarios: number
  readonly precision: Interval
  readonly recall: Interval
  readonly falsePagesPerWeek: Interval
  readonly notificationsPerWeek: number
  readonly falseTicketsPerWeek: number
  readonly ticketRecall: number
  readonly delaySeconds: Quantiles
  readonly spent: Quantiles
  readonly resetSeconds: Quantiles
}

/** A figure with the range that holds 95 % of what other draws of the same scenarios say. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Quantiles {
  readonly median: number
  readonly p90: number
}

const bootstrapDraws = 1_000

/** Sums up; every scenario is one week. */
export function figuresOf(scores: readonly Score[]): Figures {
  const found = scores.flatMap(({ incidents }) => incidents)
  const tickets = scores.flatMap((each) => each.tickets)
  return {
    scenarios: scores.length,
    precision: bootstrapped(scores, precision),
    recall: bootstrapped(scores, recall),
    falsePagesPerWeek: bootstrapped(scores, (drawn) => mean(drawn.map(({ falsePages }) => falsePages))),
    notificationsPerWeek: mean(scores.map(({ notifications }) => notifications)),
    falseTicketsPerWeek: mean(scores.map(({ falseTickets }) => falseTickets)),
    ticketRecall: mean(tickets.map(Number)),
    delaySeconds: quantiles(known(found.map(({ delaySeconds }) => delaySeconds))),
    spent: quantiles(known(found.map(({ spent }) => spent))),
    resetSeconds: quantiles(known(found.map(({ resetSeconds }) => resetSeconds))),
  }
}

/** How much later one policy was than another, over the incidents that both detected. */
export interface Paired {
  readonly incidents: number
  /** The share in which it was not later. */
  readonly notLater: number
  readonly median: number
  readonly p90: number
  readonly mean: number
  readonly gained: number
  readonly lost: number
}

/** Compares incident by incident: medians over different sets of incidents say little. */
export function pairedDelays(scores: readonly Score[], base: readonly Score[]): Paired {
  const pairs = scores.flatMap(({ incidents }, at) =>
    incidents.map(({ delaySeconds }, index) => [delaySeconds, base[at].incidents[index].delaySeconds] as const),
  )
  const differences = pairs.flatMap(([own, other]) => (own === null || other === null ? [] : [own - other]))
  return {
    incidents: differences.length,
    notLater: mean(differences.map((each) => Number(each <= 0))),
    ...quantiles(differences),
    mean: mean(differences),
    gained: pairs.filter(([own, other]) => own !== null && other === null).length,
    lost: pairs.filter(([own, other]) => own === null && other !== null).length,
  }
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}

function precision(scores: readonly Score[]): number {
  const right = total(scores.map(({ truePages }) => truePages))
  const wrong = total(scores.map(({ falsePages }) => falsePages))
  return right + wrong === 0 ? Number.NaN : right / (right + wrong)
}

function recall(scores: readonly Score[]): number {
  const incidents = scores.flatMap((each) => each.incidents)
  return mean(incidents.map(({ delaySeconds }) => Number(delaySeconds !== null)))
}

/** Draws scenarios with replacement, again and again. */
function bootstrapped(scores: readonly Score[], figure: (drawn: readonly Score[]) => number): Interval {
  const drawn = chance(`bootstrap|${scores.length}`)
  const values: number[] = []
  for (let draw = 0; draw < bootstrapDraws; draw++) {
    const value = figure(Array.from(scores, () => scores[drawn.index(scores.length)]))
    if (!Number.isNaN(value)) values.push(value)
  }
  values.sort((a, b) => a - b)
  return { value: figure(scores), low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : total(values) / values.length
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
