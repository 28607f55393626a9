import { CountHistory } from '../src/core/series/count-history.ts'
import { CumulativeLayout } from './layout-cumulative.ts'
import { IncrementLayout } from './layout-increments.ts'
import { cpuSeconds, machine, medianOf } from './measure.ts'
import type { WindowLayout } from './window-layout.ts'

const step = 15_000
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 0, 1)
const windows = [5 * minute, 30 * minute, hour, 2 * hour, 6 * hour, day, 3 * day, 30 * day]
const runs = 5

/** Makes a layout whose head is at `start`. */
type Make = (columns: number) => WindowLayout

const layouts: readonly Make[] = [
  (columns) => new IncrementLayout(columns, start),
  (columns) => new CumulativeLayout(columns, start),
  countHistory,
]

/** Compares layouts of event counts: what samples, late samples and ticks cost, how much memory, how far off. */
export async function benchWindowLayouts(): Promise<void> {
  console.log(`${machine()}; CPU time, median of ${runs} runs; 1 SLO-region = 2 columns, 8 windows, 15 s steps\n`)
  console.log('CPU cost at 10 000 SLO-regions')
  for (const make of layouts) console.log(`  ${costs(make)}`)
  for (const sloRegions of [10_000, 100_000]) {
    console.log(`\nTick (next step, then all windows of all columns) at ${sloRegions} SLO-regions`)
    for (const make of layouts) console.log(`  ${tick(make, sloRegions)}`)
  }
  console.log('\nLargest error over 34 days of uneven traffic with outages: share of the total / burn rate at 99.9 %')
  console.log(
    `  ${''.padEnd(28)}${['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'].map((name) => name.padStart(15)).join('')}`,
  )
  for (const make of layouts) console.log(`  ${errors(make)}`)
}

/** On time: between two steps, as scrapes are. Late: as long after the head as it says. */
function costs(make: Make): string {
  const columns = 20_000
  const layout = make(columns)
  let at = start
  const perAdd = (lateMs: number, count: number) =>
    medianOf(runs, () => {
      at += step
      layout.advanceTo(at)
      const to = at - lateMs - 8_000
      const seconds = cpuSeconds(() => {
        for (let index = 0; index < count; index++) layout.add((index * 7_919) % columns, to - step, to, 1_000)
      })
      return (seconds / count) * 1e9
    })
  const figures = [perAdd(0, 2_000_000), perAdd(5 * minute, 400_000), perAdd(hour, 100_000)]
  const [onTime, late5m, late1h] = figures.map((ns) => `${ns.toFixed(0).padStart(6)} ns`)
  return `${layout.name.padEnd(28)} add ${onTime}, 5 min late ${late5m}, 1 h late ${late1h}`
}

function tick(make: Make, sloRegions: number): string {
  const columns = 2 * sloRegions
  const layout = make(columns)
  let at = start
  const out = new Float64Array(columns)
  const ticks = sloRegions > 50_000 ? 20 : 200
  const seconds = medianOf(runs, () =>
    cpuSeconds(() => {
      for (let count = 0; count < ticks; count++) {
        at += step
        layout.advanceTo(at)
        for (const windowMs of windows) layout.windowCounts(at, windowMs, out)
      }
    }),
  )
  const bytes = layout.bytes() / sloRegions
  return `${layout.name.padEnd(28)} ${((seconds / ticks) * 1e3).toFixed(2).padStart(6)} ms, ${bytes.toFixed(0)} bytes per SLO-region`
}

/** What a window says of the traffic, and of the burn rate at 99.9 %. */
interface WorstError {
  total: number
  burnRate: number
}

/** One column of traffic and one of errors, compared with exact running totals: nine minutes in eight hours are an outage. */
function errors(make: Make): string {
  const layout = make(2)
  const random = seededRandom(7)
  const exact = [[0], [0]]
  const worst = windows.map((): WorstError => ({ total: 0, burnRate: 0 }))
  const out = new Float64Array(2)
  for (let index = 1; index <= (34 * day) / step; index++) {
    const at = start + index * step
    layout.advanceTo(at)
    const requests = Math.round(3_000 * (1.2 + Math.sin((2 * Math.PI * index * step) / day)) * (0.5 + random()))
    const isOutage = Math.floor(index / 37) % 53 === 0
    for (const [column, amount] of [requests, isOutage ? Math.round(requests * 0.3) : 0].entries()) {
      if (amount > 0) layout.add(column, at - step, at, amount)
      exact[column].push(exact[column][index - 1] + amount)
    }
    for (const [place, windowMs] of windows.entries()) {
      if (index * step < windowMs || index % 3 !== 0) continue
      layout.windowCounts(at, windowMs, out)
      const [total, bad] = exact.map((counts) => counts[index] - counts[index - windowMs / step])
      worst[place].total = Math.max(worst[place].total, Math.abs(out[0] - total) / total)
      worst[place].burnRate = Math.max(worst[place].burnRate, 1_000 * Math.abs(out[1] / out[0] - bad / total))
    }
  }
  const figures = worst.map(({ total, burnRate }) => `${(100 * total).toFixed(2)} % / ${burnRate.toFixed(2)}`)
  return `${layout.name.padEnd(28)}${figures.map((figure) => figure.padStart(15)).join('')}`
}

/** The engine's own class behind the same surface, with the rows of 32 days before the start. */
function countHistory(columns: number): WindowLayout {
  const history = new CountHistory(step, 30 * day)
  history.reserve(columns)
  for (let column = 0; column < columns; column++) history.addColumn()
  history.advanceTo(start - 32 * day)
  history.advanceTo(start)
  return {
    name: 'CountHistory',
    add: (column, from, to, amount) => history.add(column, from, to, amount),
    advanceTo: (at) => history.advanceTo(at),
    windowCounts: (at, windowMs, out) => history.windowCounts(at, windowMs, out),
    bytes: () => history.rows.reduce((sum, { counts }) => sum + counts.byteLength, 0),
  }
}

/** A small linear congruential generator: the same traffic in every run. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
