import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Episode } from '../../src/core/model/alert.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import { globalScope } from '../../src/core/model/slo.ts'
import { type SampleBatch, type SampleSink, sampleBatch } from '../../src/ports/sample-sink.ts'
import { replay } from '../../src/simulation/replay.ts'
import { anSlo } from '../support/engine-slo.ts'
import { aStandardSlo, referenceEvidence } from '../support/evidence-world.ts'

const folder = fileURLToPath(new URL('../../../shared/fixtures/quality/', import.meta.url))
const skip = existsSync(folder) ? false : 'optional: ../shared/fixtures/quality, simulated by others, is not here'
if (skip !== false) console.log(`skipped: ${skip}`)

const tickMs = 15_000
const startMs = 1_767_225_600_000

/** Ten days of five regions, and the page intervals of both rules as another simulation computed them. */
interface World {
  readonly ticks: number
  /** By region and tick. */
  readonly total: readonly (readonly number[])[]
  readonly bad: readonly (readonly number[])[]
  /** By region, the global scope last: the ticks from which and up to which the page holds. */
  readonly std_scoped: readonly (readonly [number, number])[][]
  /** The same under the evidence rule. */
  readonly recommended: readonly (readonly [number, number])[][]
}

for (const name of ['hard_outage-LOW-3', 'partial_regional-LOW-5', 'flapping-MID-2']) {
  test(`pages over ten days in five regions as an independent simulation does: ${name}`, { skip }, async () => {
    const world: World = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8'))
    const { log, run } = replay(
      [anSlo({ name: 'plain' }), aStandardSlo({ name: 'standard' }, referenceEvidence)],
      tickMs,
    )
    for (const region of world.total.keys()) appendRegion(world, region, log)
    const { episodes } = await run({})
    const scopes = [...world.total.keys()].map((region) => `r${region}`).concat(globalScope)
    for (const [slo, expected] of [
      ['plain', world.std_scoped],
      ['standard', world.recommended],
    ] as const) {
      for (const [index, scope] of scopes.entries()) {
        const pages = episodes
          .filter(({ id }) => id.slo === slo && id.scope === scope && id.severity === 'page')
          .map(({ firedAt, resolvedAt }) => [tickOf(firedAt), resolvedAt === null ? world.ticks : tickOf(resolvedAt)])
        assert.deepEqual(pages, expected[index], `${slo} in ${scope}`)
      }
      assert.ok(expected.some((intervals) => intervals.length > 0))
    }
  })
}

test('a region that fails in the dark pages while it is unseen, and ends as an independent simulation does', {
  skip,
}, async () => {
  const world: World & PartitionedWorld = JSON.parse(readFileSync(`${folder}region_partition-MID-1.json`, 'utf8'))
  const [dark, from, to] = world.events[0].gap
  const { engine } = replay([anSlo({ name: 'plain' }), aStandardSlo({ name: 'standard' }, referenceEvidence)], tickMs)
  const pages = new Map<string, Episode & { seenAt: number }>()
  const feeds = [...world.total.keys()].map((region) => aFeed(world, region, engine.sink))
  for (let tick = -1; tick < world.ticks; tick++) {
    for (const [region, feed] of feeds.entries()) feed(tick, region === dark && tick >= from && tick < to)
    for (let result = await engine.tick(); result !== undefined; result = await engine.tick()) {
      for (const episode of result.episodes) {
        const { slo, scope, severity, cause } = episode.id
        const key = `${slo}/${scope}/${episode.firedAt}`
        if (severity === 'page' && cause === undefined) pages.set(key, { seenAt: tick, ...pages.get(key), ...episode })
      }
    }
  }
  const of = (slo: string, scope: string) =>
    [...pages.values()].filter(({ id }) => id.slo === slo && id.scope === scope)
  for (const [index, expected] of world.recommended.entries()) {
    const told = of('standard', index < world.total.length ? `r${index}` : globalScope)
    assert.equal(told.length, expected.length)
    for (const [place, { firedAt, resolvedAt }] of told.entries()) {
      assert.equal(tickOf(firedAt), expected[place][0])
      // Its one delta spreads over a tick that was well: the end may be told a tick later.
      const late = tickOf(resolvedAt ?? Number.POSITIVE_INFINITY) - expected[place][1]
      assert.ok(late >= 0 && late <= 1, `${late} ticks late`)
    }
  }
  const [page] = of('standard', `r${dark}`)
  assert.equal(page.rule.because, 'dark-region')
  assert.ok(page.seenAt <= from + 21, 'it is told while the region is dark')
  // By the plain rule nobody knows before the data arrives, and then it counts when it happened.
  const [plain] = of('plain', `r${dark}`)
  assert.equal(plain.seenAt, to)
  assert.ok(tickOf(plain.firedAt) < from + 20)
})

/** Of the region that cannot be seen, from which tick on and up to which. */
interface PartitionedWorld {
  readonly events: readonly { readonly gap: readonly [region: number, from: number, to: number] }[]
}

/** Counts a region tick by tick; while it is dark nothing arrives of what it counts. */
function aFeed({ total, bad }: World, region: number, sink: SampleSink): (tick: number, isDark: boolean) => void {
  const batch = aBatch(sink, region)
  const counted = { bad: 0, total: 0 }
  return (tick, isDark) => {
    counted.bad += bad[region][tick] ?? 0
    counted.total += total[region][tick] ?? 0
    if (isDark) return
    batch.timesMs.fill(startMs + (tick + 1) * tickMs)
    batch.values.set([counted.bad, counted.total])
    sink.append(batch)
  }
}

function aBatch(sink: SampleSink, region: number): SampleBatch {
  const origin = { source: 'fixture', region: undefined }
  const refs = ['bad', 'total'].map((metric) => {
    const labels = [
      ['__name__', metric],
      ['region', `r${region}`],
    ] as const
    return sink.resolve(labelsOf(labels), origin)
  })
  const batch = sampleBatch(2)
  batch.length = 2
  batch.refs.set(refs)
  return batch
}

function appendRegion({ ticks, total, bad }: World, region: number, log: ReturnType<typeof replay>['log']): void {
  const batch = aBatch(log, region)
  const counted = { bad: 0, total: 0 }
  for (let tick = 0; tick <= ticks; tick++) {
    if (tick > 0) {
      counted.bad += bad[region][tick - 1]
      counted.total += total[region][tick - 1]
    }
    batch.timesMs.fill(startMs + tick * tickMs)
    batch.values.set([counted.bad, counted.total])
    log.append(batch)
  }
}

/** The tick whose events are the last that a decision at this time has seen. */
function tickOf(at: number): number {
  return (at - startMs) / tickMs - 1
}
