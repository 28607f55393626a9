import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CalendarUnit, Slo } from '../../../src/core/model/slo.ts'
import type { CalendarPeriod } from '../../../src/core/time/calendar-window.ts'
import { readBudget } from '../../../src/engine/read-budget.ts'
import type { ScopeReading } from '../../../src/engine/read-scope.ts'
import { countedPeriods, observedClocks } from '../../core/time/observed-clocks.ts'
import { aRule, exactly } from '../../support/engine-slo.ts'
import { anEngine, evaluateAll, RememberingStore, send } from '../../support/engine-world.ts'
import { ratioSlo } from '../../support/indicator-slos.ts'

const minute = 60_000
const step = 15 * minute
const hour = 60 * minute
const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'] as const
const units = ['day', 'week', 'month', 'quarter'] as const

/** Forty days around the changes of the clocks in all zones that change them: 8 and 29 March, 5 April 2026. */
const from = Date.UTC(2026, 1, 27)
const to = Date.UTC(2026, 3, 8)

test('the budget begins anew where the clocks of the zone show the beginning of a period, and holds all events since', async () => {
  const periods = new Map(
    zones.flatMap((zone) => {
      const days = observedClocks(zone, Date.UTC(2025, 11, 20), Date.UTC(2026, 6, 10), 30 * minute)
      return units.map((unit): [string, CalendarPeriod[]] => [`${zone}/${unit}`, countedPeriods(days, unit)])
    }),
  )
  const beginnings = new Set<string>()
  const engine = anEngine({
    slos: zones.flatMap((zone) => units.map((unit) => calendarSlo(unit, zone))),
    stepMs: step,
    onReading: (reading) => {
      if (reading.scope !== 'eu') return
      const { name } = reading.compiled.slo
      // An event at the very moment at which a period ends is its last.
      const period = periods.get(name)?.find(({ start, end }) => reading.at > start && reading.at <= end)
      assert.ok(period, name)
      const { counts, lengthMs, consumed, coverage } = readBudget(reading)
      const since = Math.max(from, period.start)
      const where = `${name} at ${new Date(reading.at).toISOString()}`
      assert.deepEqual(counts, eventsBetween(since, reading.at), where)
      assert.equal(lengthMs, period.end - period.start, where)
      if (reading.at === from) return
      assert.equal(
        Number(coverage.toFixed(9)),
        Number(((reading.at - since) / (reading.at - period.start)).toFixed(9)),
        where,
      )
      assert.equal(consumed, counts.total === 0 ? null : counts.bad / (0.001 * counts.total), where)
      beginnings.add(`${name} ${period.start}`)
    },
  })
  await tell(engine.sink, () => evaluateAll(engine))
  for (const [name, all] of periods) {
    const expected = all.filter(({ start, end }) => end > from && start < to).length
    assert.equal([...beginnings].filter((each) => each.startsWith(`${name} `)).length, expected, name)
  }
})

test('a share of the budget is a burn rate by the length of the very period', async () => {
  const rates = new Map<string, Set<number>>()
  const rules = [aRule('page', hour, 15 * minute, { budgetShare: exactly('0.02') })]
  const engine = anEngine({
    slos: [calendarSlo('month', 'Europe/London', rules), calendarSlo('day', 'Europe/London', rules)],
    stepMs: step,
    onReading: ({ compiled, at, scope }) => {
      if (scope !== 'eu') return
      const [{ burnRate }] = compiled.rulesAt(at)
      const of = rates.get(compiled.slo.name) ?? new Set()
      rates.set(compiled.slo.name, of.add(burnRate))
    },
  })
  await tell(engine.sink, () => evaluateAll(engine))
  // February has 28 days, March lost an hour, April has 30 days. On 29 March there were 23 hours.
  assert.deepEqual([...(rates.get('Europe/London/month') ?? [])], [13.44, 14.86, 14.4])
  assert.deepEqual([...(rates.get('Europe/London/day') ?? [])], [0.48, 0.46])
})

test('the alert itself fires by the length of the period', async () => {
  // In a month of 28 days 2 % of the budget within an hour burn at 13.44, in one of 31 at 14.88; here it burns at 14.
  const store = new RememberingStore()
  const rules = [aRule('page', hour, 15 * minute, { budgetShare: exactly('0.02') })]
  const engine = anEngine({ slos: [calendarSlo('month', 'Europe/London', rules)], stepMs: step, store })
  let total = 0
  for (let at = from; at <= to; at += step) {
    total += 100_000
    const burning = at >= Date.UTC(2026, 1, 28) ? ((at - Date.UTC(2026, 1, 28)) / step + 1) * 1_400 : 0
    send(engine.sink, [sample('total', at, total), sample('bad', at, burning)])
    await evaluateAll(engine)
  }
  const [{ firedAt, resolvedAt }, ...others] = store.episodes.filter(({ id }) => id.scope === 'eu')
  assert.deepEqual(others, [])
  assert.equal(new Date(firedAt).toISOString(), '2026-02-28T00:45:00.000Z')
  assert.equal(new Date(resolvedAt ?? 0).toISOString(), '2026-03-01T00:15:00.000Z')
})

test('an objective that changes within a period splits its budget at that very moment', async () => {
  const changedAt = Date.UTC(2026, 2, 10, 3, 15)
  const pastObjectives = [{ objective: exactly('0.99'), until: changedAt }]
  const slo = { ...calendarSlo('month', 'Asia/Kolkata'), pastObjectives }
  let last: ScopeReading | undefined
  const engine = anEngine({ slos: [slo], stepMs: step, onReading: (reading) => (last = reading) })
  for (let at = from; at <= Date.UTC(2026, 2, 25); at += step) {
    send(engine.sink, samplesAt(at))
    await evaluateAll(engine)
  }
  assert.ok(last)
  const start = Date.UTC(2026, 1, 28, 18, 30)
  const before = eventsBetween(start, changedAt)
  const after = eventsBetween(changedAt, last.at)
  const allowed = 0.01 * before.total + 0.001 * after.total
  assert.ok(Math.abs((readBudget(last).consumed ?? 0) - (before.bad + after.bad) / allowed) < 1e-12)
})

test('a restart and a long silence leave the beginning of a period exact', async () => {
  const store = new RememberingStore()
  const slos = [calendarSlo('month', 'Europe/London')]
  const engine = anEngine({ slos, stepMs: step, store })
  for (let at = from; at <= Date.UTC(2026, 2, 2); at += step) {
    send(engine.sink, samplesAt(at))
    await evaluateAll(engine)
  }
  await engine.checkpoint()
  const readings: ScopeReading[] = []
  const after = anEngine({ slos, stepMs: step, store, onReading: (reading) => readings.push(reading) })
  await after.restore()
  for (let at = Date.UTC(2026, 2, 25); at <= Date.UTC(2026, 2, 26); at += step) {
    send(after.sink, samplesAt(at))
    await evaluateAll(after)
  }
  const last = readings.filter(({ scope }) => scope === 'eu').at(-1)
  assert.ok(last)
  assert.deepEqual(readBudget(last).counts, eventsBetween(Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 26)))
})

function calendarSlo(unit: CalendarUnit, timeZone: string, rules: Slo['alerting']['policy']['rules'] = []): Slo {
  return ratioSlo({ name: `${timeZone}/${unit}`, window: { kind: 'calendar', unit, timeZone }, rules })
}

/** Uneven traffic, so that no two stretches of time of one length have the same events. */
function perStep(at: number): number {
  return 1_000 + Math.floor(((at / step) * 7_919) % 997)
}

const totals = new Map<number, number>()
for (let at = from, total = 0; at <= to; at += step) {
  if (at > from) total += perStep(at)
  totals.set(at, total)
}

function eventsBetween(since: number, at: number): { bad: number; total: number } {
  const total = (totals.get(at) ?? 0) - (totals.get(since) ?? 0)
  return { bad: badOf(totals.get(at) ?? 0) - badOf(totals.get(since) ?? 0), total }
}

function badOf(total: number): number {
  return Math.floor(total / 1_900)
}

function samplesAt(at: number) {
  const total = totals.get(at) ?? 0
  return [sample('total', at, total), sample('bad', at, badOf(total))]
}

async function tell(sink: Parameters<typeof send>[0], afterEach: () => Promise<void>): Promise<void> {
  for (let at = from; at <= to; at += step) {
    send(sink, samplesAt(at))
    await afterEach()
  }
}

function sample(metric: string, time: number, value: number) {
  return { labels: { __name__: metric, region: 'eu', job: 'shop', instance: 'a' }, time, value }
}
