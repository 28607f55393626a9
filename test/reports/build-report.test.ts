import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { DayCounts } from '../../src/core/model/daily-counts.ts'
import { buildReport } from '../../src/reports/model/build-report.ts'
import type { ScopeReading, SloLine } from '../../src/reports/model/report.ts'
import { composePage } from '../../src/reports/page/compose-page.ts'
import { type ReportPeriod, readPeriod } from '../../src/reports/period/read-period.ts'
import { anSlo, exactly } from '../support/engine-slo.ts'
import { shopRegions, shopReport } from '../support/report-world.ts'

const day = 86_400_000
const hour = day / 24
const october = Date.UTC(2026, 9, 1)
const november = Date.UTC(2026, 10, 1)

/** Adds up by hand, day by day, what lies within a period of whole days. */
function byHand(days: readonly DayCounts[], slo: string, region: string | undefined, out: readonly number[] = []) {
  let [bad, total] = [0, 0]
  for (const one of days) {
    if (one.slo !== slo || (region !== undefined && one.region !== region)) continue
    if (one.from < october || one.from >= november) continue
    if (one.region === 'eu-west-1' && out.includes(one.from)) continue
    bad += one.bad
    total += one.total
  }
  return { bad, total }
}

test('the figures are those added up by hand from the same counts', () => {
  const input = shopReport()
  const report = buildReport(input)
  for (const { name, objective, service } of input.slos) {
    const out = service === 'orders' ? [Date.UTC(2026, 9, 10)] : []
    const line = report.slos.find(({ id }) => id === name)
    assert.ok(line !== undefined)
    const budget = 1 - Number(objective.numerator) / Number(objective.denominator)
    for (const region of [undefined, ...shopRegions]) {
      const { bad, total } = byHand(input.days, name, region, out)
      const inRegion: SloLine['regions'][number] | undefined = line.regions.find((one) => one.region === region)
      const reading: ScopeReading | undefined = region === undefined ? line.judged : inRegion?.reading
      assert.ok(reading !== undefined)
      assert.equal(reading.bad, bad)
      assert.equal(reading.total, total)
      assert.ok(Math.abs((reading.sli ?? 0) - (1 - bad / total)) < 1e-12)
      assert.ok(Math.abs((reading.remaining ?? 0) - (1 - bad / (budget * total))) < 1e-9)
    }
  }
  assert.equal(
    report.overall.total,
    report.slos.reduce((sum, { judged }) => sum + judged.total, 0),
  )
  assert.deepEqual([report.overall.met, report.overall.missed, report.overall.unknown], [7, 1, 0])
})

test('what is left out is told, and a gap is a gap and no good time', () => {
  const report = buildReport(shopReport())
  const orders = report.slos.find(({ id }) => id === 'orders-replication-freshness')
  assert.equal(orders?.regions.find(({ region }) => region === 'eu-west-1')?.reading.excluded.lengthMs, day)
  assert.equal(orders?.judged.coverage, 1)
  assert.deepEqual(
    report.gaps.map(({ slo, region, missingMs }) => ({ slo, region, missingMs: Math.round(missingMs) })),
    [{ slo: 'search-availability', region: 'ap-south-1', missingMs: 4 * day }],
  )
  assert.deepEqual(
    report.exclusions.map(({ about, lengthMs, effect }) => ({ about, lengthMs, effect })),
    [{ about: 'orders · eu-west-1', lengthMs: day, effect: 'not counted, nobody told' }],
  )
})

test('without data nothing is met, missed or zero', () => {
  const report = buildReport(shopReport({ days: [], incidents: [], exclusions: [] }))
  assert.deepEqual([report.overall.met, report.overall.missed, report.overall.unknown], [0, 0, 8])
  assert.equal(report.overall.sli, null)
  assert.ok(report.slos.every(({ status, judged }) => status === 'unknown' && judged.remaining === null))
})

test('an SLO that no region has told anything of is a gap, and somebody has to decide about it', () => {
  const report = buildReport(shopReport({ days: [], incidents: [], exclusions: [] }))
  assert.equal(report.gaps.length, report.slos.filter(({ members }) => members.length === 0).length)
  assert.ok(report.gaps.every(({ region, coverage }) => region === 'any region' && coverage === 0))
  assert.match(report.decisions[0]?.what ?? '', /^\S+ was not seen at all in any region\.$/)
})

function statusWith(bad: number): string {
  const days = [
    {
      slo: 'checkout',
      region: 'eu',
      from: october,
      to: october + day,
      until: october + day,
      bad,
      total: 100_000,
      seenMs: day,
    },
  ]
  return buildReport(shopReport({ slos: [anSlo({ objective: '0.999' })], days, incidents: [], exclusions: [] })).slos[0]
    .status
}

test('a budget spent to the event is kept, one event more misses the objective', () => {
  assert.equal(statusWith(100), 'met')
  assert.equal(statusWith(101), 'missed')
})

test('an objective that changed within the period counts for the days on which it was in force', () => {
  const change = october + 10 * day
  const slo = { ...anSlo({ objective: '0.999' }), pastObjectives: [{ objective: exactly('0.99'), until: change }] }
  const days = Array.from({ length: 31 }, (_, index) => {
    const from = october + index * day
    return { slo: 'checkout', region: 'eu', from, to: from + day, until: from + day, bad: 1, total: 1_000, seenMs: day }
  })
  const [line] = buildReport(shopReport({ slos: [slo], days, incidents: [], exclusions: [] })).slos
  assert.ok(Math.abs(line.judged.allowed - (10 * 10 + 21 * 1)) < 1e-9)
})

test('a part of a day that is left out is exact where the day is stored in parts, and said to be estimated where it is not', () => {
  const schedule = { kind: 'once', from: october + 6 * hour, to: october + 12 * hour } as const
  const [{ exclusion, removed }] = shopReport().exclusions
  const matches = { slos: [], services: [], regions: [] }
  const exclusions = [{ exclusion: { ...exclusion, matches, schedule }, removed }]
  const row = (fromHour: number, toHour: number, bad: number, total: number) => {
    const [from, to] = [october + fromHour * hour, october + toHour * hour]
    return { slo: 'checkout', region: 'eu', from, to, until: to, bad, total, seenMs: to - from }
  }
  const line = (days: readonly DayCounts[]) => {
    const report = buildReport(shopReport({ slos: [anSlo()], days, incidents: [], exclusions }))
    const said = composePage(report).blocks.some((block) => block.kind === 'text' && /is estimated/u.test(block.text))
    const [{ judged, isExclusionEstimated }] = report.slos
    return [judged.bad, judged.total, judged.excluded.bad, isExclusionEstimated, said]
  }
  assert.deepEqual(line([row(0, 6, 1, 100), row(6, 12, 70, 700), row(12, 24, 2, 200)]), [3, 300, 70, false, false])
  assert.deepEqual(line([row(0, 24, 72, 1_000)]), [54, 750, 18, true, true])
})

test('regions make the whole as the rule file says', () => {
  const days = [
    { region: 'a', bad: 10, total: 1_000 },
    { region: 'b', bad: 0, total: 9_000 },
  ].map((one) => ({ slo: 'checkout', from: october, to: october + day, until: october + day, seenMs: day, ...one }))
  const judged = (global: 'events' | 'worst' | 'mean' | 'none') => {
    const slo = anSlo({ objective: '0.99' })
    const slos = [{ ...slo, regions: { ...slo.regions, global } }]
    const [{ judged: reading, judgedScope }] = buildReport(
      shopReport({ slos, days, incidents: [], exclusions: [] }),
    ).slos
    return [judgedScope, Number(reading.sli?.toFixed(6)), Number(reading.remaining?.toFixed(6))]
  }
  assert.deepEqual(judged('events'), ['global', 0.999, 0.9])
  assert.deepEqual(judged('worst'), ['global', 0.99, 0])
  assert.deepEqual(judged('mean'), ['global', 0.995, 0.5])
  assert.deepEqual(judged('none'), ['a', 0.99, 0])
})

test('parts of a period add up to the whole, wherever it is cut', () => {
  const input = shopReport({ incidents: [] })
  const sums = (period: ReportPeriod) => buildReport({ ...input, period }).overall
  const [whole] = [sums(input.period)]
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 * 24 }), (hours) => {
      const cut = new Date(october + hours * 3_600_000).toISOString().replace('.000Z', 'Z')
      const [first, second] = [`2026-10-01T00:00:00Z..${cut}`, `${cut}..2026-11-01T00:00:00Z`].map((text) =>
        readPeriod(text, 'UTC'),
      )
      assert.ok(typeof first !== 'string' && typeof second !== 'string')
      assert.ok(Math.abs(sums(first).total + sums(second).total - whole.total) < 1e-3)
      assert.ok(Math.abs(sums(first).bad + sums(second).bad - whole.bad) < 1e-3)
    }),
    { numRuns: 15 },
  )
})

test('an incident has spent no more than failed on its days, whatever its burn rates say', () => {
  const days = Array.from({ length: 31 }, (_, index) => {
    const from = october + index * day
    const bad = index === 4 ? 7 : 300
    return {
      slo: 'checkout-availability',
      region: 'eu-west-1',
      from,
      to: from + day,
      until: from + day,
      bad,
      total: 10_000,
      seenMs: day,
    }
  })
  const { incidents } = buildReport(shopReport({ days, exclusions: [] }))
  const [onFifth, onFourteenth] = ['incident-0', 'incident-1'].map((id) => incidents.find((one) => one.id === id))
  assert.ok(Math.abs((onFifth?.badEvents ?? 0) - 7) < 1e-9, `${onFifth?.badEvents}`)
  assert.ok((onFourteenth?.badEvents ?? 0) > 7 && (onFourteenth?.badEvents ?? 0) <= 300, `${onFourteenth?.badEvents}`)
})
