import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Meter, silentMeter } from '../../src/ports/meter.ts'
import type { Store, TickCommit } from '../../src/ports/store.ts'
import { measuredStore } from '../../src/telemetry/measured-store.ts'
import { aTick } from '../support/delivery-messages.ts'

const nothing: TickCommit = aTick()

test('measures how long a commit takes', async () => {
  const { store, seen } = measured(async () => {})
  await store.commit(nothing)
  assert.deepEqual(seen, [['sloburn_commit_duration_seconds', 0.25]])
})

test('measures a commit that fails, and lets it fail', async () => {
  const { store, seen } = measured(async () => {
    throw new Error('disk full')
  })
  await assert.rejects(store.commit(nothing), /disk full/)
  assert.equal(seen.length, 1)
})

const unused = async () => assert.fail('is not asked for')

/** A store of which only the commit is used, on a clock that moves a quarter of a second with every look at it. */
function measured(commit: Store['commit']) {
  const outbox = {
    claim: unused,
    settle: unused,
    nextDueAt: unused,
    recover: unused,
    list: unused,
    depths: unused,
    pageProgress: unused,
    prune: unused,
  }
  const checkpoints = { save: unused, names: unused, read: unused }
  const dailyCounts = { list: unused, prune: unused }
  const exclusions = {
    load: unused,
    save: unused,
    list: unused,
    add: unused,
    remove: unused,
    declare: unused,
    audit: unused,
  }
  const incidents = { list: unused, timeline: unused, prune: unused }
  const inner: Store = {
    load: unused,
    commit,
    episodes: unused,
    incidents,
    outbox,
    checkpoints,
    dailyCounts,
    exclusions,
    close: unused,
  }
  const seen: [string, number][] = []
  const meter: Meter = { ...silentMeter, observe: (name, _labels, seconds) => void seen.push([name, seconds]) }
  let now = 0
  return { seen, store: measuredStore(inner, meter, () => (now += 250)) }
}
