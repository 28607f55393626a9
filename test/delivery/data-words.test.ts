import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataWords } from '../../src/delivery/data-words.ts'

const since = Date.UTC(2026, 10, 21, 2, 0)
const minute = 60_000

test('says which region cannot be seen, for how long and since when', () => {
  const data = { cause: 'blind', since, state: 'stale', events: null, usualEvents: null, overMs: null } as const
  const words = dataWords(data, 'eu-west-1', since + 12 * minute)
  assert.equal(words.short, 'eu-west-1 cannot be seen for 12m')
  assert.equal(words.details, 'none since 2026-11-21 02:00 UTC (12m)')
  assert.equal(dataWords(data, 'global', since + 12 * minute).short, 'all regions cannot be seen for 12m')
})

test('says that what could not be seen can be seen again, and since when it could not', () => {
  const data = { cause: 'blind', since, state: 'ok', events: null, usualEvents: null, overMs: null } as const
  const words = dataWords(data, 'eu-west-1', since + 12 * minute)
  assert.equal(words.short, 'eu-west-1 can be seen again')
  assert.equal(words.details, 'none from 2026-11-21 02:00 UTC until a moment ago')
})

test('says how much traffic there was, and how much there usually is', () => {
  const data = {
    cause: 'traffic-gone',
    since,
    state: 'ok',
    events: 12,
    usualEvents: 4_000,
    overMs: 15 * minute,
  } as const
  const words = dataWords(data, 'eu-west-1', since)
  assert.equal(words.short, 'traffic of eu-west-1 is gone')
  assert.equal(words.details, '12 events in 15m, usually 4,000 at this time of the week (0.30 % of usual)')
})
