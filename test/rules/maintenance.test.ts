import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultDataPolicy } from '../../src/core/model/slo.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'

const slo = `
apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout-availability }
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator: { ratio: { bad: 'bad_total{job="a"}', total: 'all_total{job="a"}' } }
`

function maintenance(spec: string): string {
  return `${slo}---
apiVersion: sloburn/v1
kind: Maintenance
metadata: { name: patching }
spec:
${spec
  .trim()
  .split('\n')
  .map((line) => `  ${line.trim()}`)
  .join('\n')}
`
}

async function read(text: string) {
  const { maintenances, slos, problems } = await parseRules([{ name: 'a.yaml', text }])
  return { maintenances, slos, problems: problems.map(({ code, at, message }) => `${at.line} ${code} ${message}`) }
}

test('reads maintenance that comes again and again, with what is so by itself', async () => {
  const { maintenances, problems } = await read(
    maintenance(`
      services: [checkout]
      regions: [eu-west-1]
      recurring: { days: [sat, sun], weeksOfMonth: [2, -1], time: '02:30', duration: 2h, timeZone: Europe/London, until: 2027-01-01 }
      author: payments team
      reason: patching
    `),
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(maintenances, [
    {
      id: 'file/patching',
      matches: { slos: [], services: ['checkout'], regions: ['eu-west-1'] },
      schedule: {
        kind: 'recurring',
        weekdays: [6, 7],
        weeksOfMonth: [2, -1],
        minuteOfDay: 150,
        durationMs: 7_200_000,
        timeZone: 'Europe/London',
        from: null,
        until: Date.UTC(2027, 0, 1),
      },
      mute: true,
      excludeFromBudget: false,
      author: 'payments team',
      reason: 'patching',
      at: { file: 'a.yaml', line: 13, column: 19, path: '/metadata/name' },
    },
  ])
})

test('reads maintenance that takes place once, by dates or by moments', async () => {
  const { maintenances, problems } = await read(
    maintenance(`
      from: 2026-10-03T22:00:00+02:00
      to: '2026-10-04'
      mute: false
      excludeFromBudget: true
      author: ada
      reason: move
    `),
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(maintenances[0].schedule, { kind: 'once', from: Date.UTC(2026, 9, 3, 20), to: Date.UTC(2026, 9, 4) })
})

const base = 'author: ada\nreason: move\n'
const faults: readonly (readonly [string, string, RegExp])[] = [
  ['no time', base, /RULE_MAINTENANCE|from/],
  [
    'both kinds of time',
    `${base}from: 2026-10-03\nto: 2026-10-04\nrecurring: { time: '02:00', duration: 1h }`,
    /RULE_MAINTENANCE/,
  ],
  [
    'an end before its begin',
    `${base}from: 2026-10-05\nto: 2026-10-04`,
    /RULE_MAINTENANCE this maintenance ends before it begins/,
  ],
  ['no such day', `${base}from: 2026-02-30\nto: 2026-10-04`, /neither a date nor a moment/],
  [
    'no such zone',
    `${base}recurring: { time: '02:00', duration: 1h, timeZone: Mars/Base }`,
    /"Mars\/Base" is not a time zone/,
  ],
  ['no such time', `${base}recurring: { time: '25:00', duration: 1h }`, /a time of day is HH:MM/],
  ['no such weekday', `${base}recurring: { days: [caturday], time: '02:00', duration: 1h }`, /caturday/],
  ['no effect', `${base}from: 2026-10-03\nto: 2026-10-04\nmute: false`, /does nothing/],
  ['nobody who answers for it', 'reason: move\nfrom: 2026-10-03\nto: 2026-10-04', /author/],
  [
    'a name that no SLO has',
    `${base}from: 2026-10-03\nto: 2026-10-04\nslos: [chekout-availability]`,
    /there is no SLO "chekout-availability"/,
  ],
  [
    'a service that no SLO has',
    `${base}from: 2026-10-03\nto: 2026-10-04\nservices: [login]`,
    /there is no service "login"/,
  ],
  ['a key that is not known', `${base}from: 2026-10-03\nto: 2026-10-04\nregion: eu`, /region/],
]

for (const [what, spec, problem] of faults) {
  test(`refuses maintenance with ${what}`, async () => {
    const { problems } = await read(maintenance(spec))
    assert.ok(
      problems.some((text) => problem.test(text)),
      problems.join('\n'),
    )
  })
}

test('reads what an SLO does about its data, and leaves what it does not say as it is by itself', async () => {
  const told = `${slo}  data: { unseen: bad, blind: { severity: page, after: 3m }, trafficGone: 'off', forgetRegionAfter: 1d }\n`
  const { slos, problems } = await read(told)
  assert.deepEqual(problems, [])
  assert.deepEqual(slos[0].data, {
    unseen: 'bad',
    blind: { severity: 'page', afterMs: 180_000 },
    trafficGone: 'off',
    forgetRegionAfterMs: 86_400_000,
  })
  assert.deepEqual((await read(slo)).slos[0].data, defaultDataPolicy)
  const wrong = await read(`${slo}  data: { unseen: maybe, blind: { after: 0s } }\n`)
  assert.equal(wrong.problems.length, 2)
})
