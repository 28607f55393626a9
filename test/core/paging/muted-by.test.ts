import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exclusion } from '../../../src/core/model/exclusion.ts'
import { mutedBy } from '../../../src/core/paging/muted-by.ts'
import { anExclusion } from '../../support/exclusion.ts'

const hour = 3_600_000

const checkout = { slo: 'checkout', service: 'shop', region: 'eu' }

function isMuted(exclusion: Exclusion, at: number, region = 'eu'): boolean {
  return mutedBy([exclusion], { ...checkout, region }, at) !== undefined
}

test('mutes while it lasts, from its begin to its end, and only where it says so', () => {
  const one = anExclusion({ excludeFromBudget: false })
  assert.ok(!isMuted(one, 10 * hour - 1))
  assert.ok(isMuted(one, 10 * hour))
  assert.ok(isMuted(one, 12 * hour - 1))
  assert.ok(!isMuted(one, 12 * hour))
  assert.ok(!isMuted(anExclusion({ mute: false }), 11 * hour))
})

test('maintenance of one region mutes no alert of all regions together', () => {
  const regional = anExclusion({ matches: { slos: [], services: [], regions: ['eu'] } })
  assert.ok(isMuted(regional, 11 * hour))
  assert.ok(!isMuted(regional, 11 * hour, 'global'))
  assert.ok(isMuted(anExclusion(), 11 * hour, 'global'))
})
