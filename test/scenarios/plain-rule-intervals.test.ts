import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { labelsOf } from '../../src/core/model/labels.ts'
import { globalScope } from '../../src/core/model/slo.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { replay } from '../../src/simulation/replay.ts'
import { anSlo } from '../support/engine-slo.ts'
import { aStandardSlo } from '../support/evidence-world.ts'

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
    const { log, run } = replay([anSlo({ name: 'plain' }), aStandardSlo({ name: 'standard' })], tickMs)
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

function appendRegion({ ticks, total, bad }: World, region: number, log: ReturnType<typeof replay>['log']): void {
  const origin = { source: 'fixture', region: undefined }
  const series = (metric: string) =>
    log.resolve(
      labelsOf([
        ['__name__', metric],
        ['region', `r${region}`],
      ]),
      origin,
    )
  const batch = sampleBatch(2)
  batch.length = 2
  batch.refs.set([series('bad'), series('total')])
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
