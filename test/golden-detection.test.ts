import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Episode } from '../src/core/model/alert.ts'
import type { Severity } from '../src/core/model/slo.ts'
import { resolutionAtAge, retentionLadder } from '../src/core/series/retention-ladder.ts'
import { detectionOf, isTie, type StepOnset } from './support/engine-closed-forms.ts'
import { type GoldenRow, type GoldenStory, goldenDetection } from './support/engine-golden-data.ts'
import { anSlo, aRule, counters, workbookRules } from './support/engine-slo.ts'
import { type ErrorProfile, replayProfiles } from './support/engine-step-onsets.ts'

const hour = 3_600
const day = 24 * hour
const golden = goldenDetection()
const intervals = [15, 30, 60]

/** Longer than the longest detection in the table, and than the longest window: a tie that fills it still must not fire. */
const outageSeconds = 3 * day + 600

/** Longer than the longest short window, so that every alert ends within the replay. */
const quietSeconds = 6 * hour + 300

test('the closed forms give the golden table to the digit', () => {
  for (const row of golden.rows) {
    const onset = onsetOf(row)
    const detection = detectionOf(onset)
    assert.equal(detection?.detection ?? null, row.detection)
    assert.equal(detection?.reset ?? null, row.reset)
    assert.equal(isTie(onset), row.tie)
    for (const interval of intervals)
      assert.deepEqual(detection?.atSteps(interval) ?? null, row.steps?.[interval] ?? null)
  }
  for (const row of golden.background) {
    const detection = detectionOf(onsetOf(row))
    assert.deepEqual(
      [detection?.detection, detection?.reset, detection?.atSteps(60)],
      [row.detection, row.reset, row.steps['60']],
    )
  }
  for (const { rule, errorRate, wholeWindow } of golden.ties) {
    assert.equal(detectionOf(onsetOf({ objective: '0.999', rule, errorRate })), undefined)
    assert.equal(golden.rules[rule].longSeconds, wholeWindow)
  }
})

for (const interval of intervals) {
  test(`all ${golden.rows.length} rows are detected and reset on time at evaluations every ${interval} s, and ties never fire`, async (t) => {
    const cases = [...golden.rows, ...golden.background].map((row, index) => ({
      name: `row-${index}`,
      onset: onsetOf(row),
      row,
    }))
    const slos = cases.map(({ name, onset, row: { rule } }) => {
      const { severity, longSeconds, shortSeconds, burnRate } = golden.rules[rule]
      const rules = [aRule(severity, longSeconds * 1_000, shortSeconds * 1_000, burnRate)]
      const bad = counters('bad', { profile: profileName(onset) })
      return anSlo({ name, objective: onset.objective, rules, bad, global: 'none' })
    })
    const profiles = new Map(cases.map(({ onset }) => [profileName(onset), constantDuringOutage(onset)]))
    const seconds = { history: 3 * day, after: outageSeconds + quietSeconds }
    const alerts = await replayProfiles(slos, profiles, interval, seconds)
    let shifted = 0
    for (const { name, onset } of cases) {
      const expected = detectionOf(onset)?.atSteps(interval)
      const found = alerts.filter(({ id }) => id.slo === name)
      const story = `${JSON.stringify(onset)} at ${interval} s: ${JSON.stringify(found.map(spanOf))}, expected ${JSON.stringify(expected)}`
      assert.equal(found.length, expected === undefined ? 0 : 1, story)
      if (expected === undefined) continue
      const [firedAfter, endedAfter] = spanOf(found[0])
      assert.equal(firedAfter, expected[0], story)
      const late = Math.abs((endedAfter ?? Number.POSITIVE_INFINITY) - outageSeconds - expected[1])
      if (late > 0) shifted++
      assert.ok(late <= resetBound(onset.shortSeconds, interval), story)
    }
    t.diagnostic(`${cases.length} cases; ${shifted} resets are off by less than the resolution of their short window`)
  })
}

test('an outage that is a step too short for the first rule is not paged, one step more is', async () => {
  const blips = golden.blips.flatMap(({ errorRate, longerThan }) =>
    longerThan === null ? [] : [{ errorRate, longerThan }],
  )
  const cases = blips.flatMap(({ errorRate, longerThan }) => {
    const unseen = Math.floor(longerThan / 15) * 15
    return [unseen, unseen + 15].map((seconds) => ({ errorRate, seconds, isSeen: seconds > longerThan }))
  })
  const rules = [aRule('page', hour * 1_000, 300_000, '14.4')]
  const slos = cases.map((each) =>
    anSlo({ name: nameOf(each), rules, bad: counters('bad', { profile: nameOf(each) }), global: 'none' }),
  )
  const profiles = new Map(
    cases.map((each) => [nameOf(each), (second: number) => (isWithin(second, 0, each.seconds) ? each.errorRate : '0')]),
  )
  const alerts = await replayProfiles(slos, profiles, 15, { history: 2 * hour, after: 2 * hour })
  assert.deepEqual(new Set(alerts.map(({ id }) => id.slo)), new Set(cases.filter(({ isSeen }) => isSeen).map(nameOf)))
})

const stories: Readonly<Record<string, ErrorProfile>> = {
  outage_100pct_20min: (second) => (isWithin(second, 0, 1_200) ? '1' : '0'),
  workbook_fig_5_6_15pct_10min: (second) => (isWithin(second, 0, 600) ? '0.15' : '0'),
  workbook_fig_5_3_100pct_5min_every_10min_4h: (second) =>
    isWithin(second, 0, 4 * hour) && isWithin(second % 600, 0, 300) ? '1' : '0',
  blip_100pct_45s: (second) => (isWithin(second, 0, 45) ? '1' : '0'),
  blip_100pct_60s: (second) => (isWithin(second, 0, 60) ? '1' : '0'),
  burn10_1pct_6h: (second) => (isWithin(second, 0, 6 * hour) ? '0.01' : '0'),
  'leak_0.25pct_3d': (second) => (isWithin(second, 0, 3 * day) ? '0.0025' : '0'),
}

/** Where the golden run stops before the ticket does: the 6 h window falls silent 6 h less 21.6 s after the last bad minute. */
const ticketEnds: Readonly<Record<string, number>> = {
  outage_100pct_20min: 1_200 + 21_585,
  workbook_fig_5_3_100pct_5min_every_10min_4h: 4 * hour - 300 + 21_585,
}

test('the whole workbook policy tells the named stories as the golden run does', async () => {
  assert.deepEqual(Object.keys(stories).sort(), golden.named.map(({ name }) => name).sort())
  const slos = golden.named.map(({ name }) =>
    anSlo({ name, rules: workbookRules, bad: counters('bad', { profile: name }), global: 'none' }),
  )
  const profiles = new Map(Object.entries(stories))
  const alerts = await replayProfiles(slos, profiles, 15, { history: 3 * day, after: 3 * day + 7 * hour })
  for (const story of golden.named) {
    for (const severity of ['page', 'ticket'] as const) {
      const found = alerts.filter(({ id }) => id.slo === story.name && id.severity === severity).map(spanOf)
      const expected = spansOf(story, severity)
      assert.equal(found.length, expected.length, `${story.name}: ${severity} ${JSON.stringify(found)}`)
      for (const [index, [from, to]] of expected.entries()) {
        assert.equal(found[index][0], from, `${story.name}: ${severity}`)
        assert.ok(
          Math.abs((found[index][1] ?? 0) - to) <= resetBound(6 * hour, 15),
          `${story.name}: ${severity} ends ${found[index][1]}`,
        )
      }
    }
  }
})

test('the table of the project is the one it was taken from', (t) => {
  const shared = new URL('../../shared/research/golden-detection.json', import.meta.url)
  if (!existsSync(shared)) {
    t.skip('skipped: ../shared/research/golden-detection.json is not here')
    return
  }
  const { rows, scenarios, named_scenarios: named } = JSON.parse(readFileSync(shared, 'utf8'))
  assert.equal(rows.length, golden.rows.length)
  for (const [index, row] of golden.rows.entries()) {
    const { severity, longSeconds, shortSeconds, burnRate } = golden.rules[row.rule]
    const its = rows[index]
    assert.deepEqual(
      [row.objective, row.windowDays, row.errorRate, burnRate, severity, longSeconds, shortSeconds, row.tie],
      [
        String(its.slo),
        its.period_days,
        String(its.error_rate),
        String(its.burn_rate),
        its.severity,
        its.long_s,
        its.short_s,
        its.tie,
      ],
    )
    assert.deepEqual([row.detection, row.reset], its.fires ? [its.t_det_s, its.t_reset_s] : [null, null])
    for (const interval of its.fires ? intervals : []) {
      const { t_det_aligned_s: detected, t_reset_aligned_s: ended } = its.ticks[interval]
      assert.deepEqual(row.steps?.[interval], [detected, ended])
    }
  }
  assert.equal(scenarios.length, golden.background.length + golden.ties.length + golden.blips.length)
  assert.deepEqual(
    named.map(({ name, page, ticket }: GoldenStory) => ({ name, page, ticket })),
    golden.named,
  )
})

function onsetOf(row: Pick<GoldenRow, 'objective' | 'rule' | 'errorRate'> & { background?: string }): StepOnset {
  const { longSeconds, shortSeconds, burnRate } = golden.rules[row.rule]
  const { objective, errorRate, background = '0' } = row
  return { objective, burnRate, longSeconds, shortSeconds, background, errorRate }
}

function profileName({ background, errorRate }: StepOnset): string {
  return `${background} then ${errorRate}`
}

function constantDuringOutage({ background = '0', errorRate }: StepOnset): ErrorProfile {
  return (second) => (isWithin(second, 0, outageSeconds) ? errorRate : background)
}

function nameOf({ errorRate, seconds }: { errorRate: string; seconds: number }): string {
  return `${errorRate} for ${seconds} s`
}

/** Seconds are counted from the onset; the events of second s are those of (s − 1, s]. */
function isWithin(second: number, from: number, to: number): boolean {
  return second > from && second <= to
}

/** A window that starts between two rows is off by at most the events between them, and so its end by their distance. */
function resetBound(shortSeconds: number, interval: number): number {
  if (shortSeconds <= hour) return 0
  const ladder = retentionLadder(interval * 1_000, 30 * day * 1_000)
  return (resolutionAtAge(ladder, shortSeconds * 1_000) ?? 0) / 1_000
}

function spansOf(story: GoldenStory, severity: Severity): [number, number][] {
  return story[severity].map(([from, to]) => [from ?? 0, to ?? ticketEnds[story.name]])
}

/** Seconds from the onset to the firing and to the end of an alert. */
function spanOf({ firedAt, resolvedAt }: Episode): [number, number | null] {
  return [firedAt / 1_000, resolvedAt === null ? null : resolvedAt / 1_000]
}
