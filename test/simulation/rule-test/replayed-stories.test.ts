import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import type { Episode } from '../../../src/core/model/alert.ts'
import { labelsOf } from '../../../src/core/model/labels.ts'
import { formatDuration } from '../../../src/core/time/duration.ts'
import { sampleBatch } from '../../../src/ports/sample-sink.ts'
import { loadRules } from '../../../src/rules/load-rules.ts'
import { replay } from '../../../src/simulation/replay.ts'
import { holdsForAllAsync } from '../../support/engine-properties.ts'
import { codesOf, runStory } from './told-story.ts'

const rules = fileURLToPath(new URL('../../scenarios/rules/shop.yaml', import.meta.url))
const start = Date.UTC(2026, 0, 1)
const minuteMs = 60_000
const stepMs = 15_000

/** Errors a minute, of 1,000 requests, for some minutes each. */
const phases = fc.array(
  fc.record({ minutes: fc.integer({ min: 1, max: 40 }), errors: fc.constantFrom(0, 0, 8, 20, 100, 1000) }),
  {
    minLength: 1,
    maxLength: 6,
  },
)

test('a test that expects what a replay of the same samples tells passes, and one step off it fails', async () => {
  const { slos } = await loadRules([rules])
  let alerts = 0
  await holdsForAllAsync(
    fc.asyncProperty(phases, fc.nat(), fc.constantFrom(-1, 1), async (told, pick, offset) => {
      const errors = counted(told)
      const episodes = await replayed(slos, errors)
      const events = episodes.flatMap(eventsOf)
      alerts += episodes.length
      const story = { series: seriesOf(errors), settings: ['alerts: exactly'] }
      const asReplayed = [...events.map(expectationOf), `{ at: ${errors.length - 1}m, firing: [${openOf(episodes)}] }`]
      assert.deepEqual(codesOf(await runStory({ ...story, expect: asReplayed })), [])
      if (events.length === 0) return
      const wrong = pick % events.length
      const shifted = events.map((event, index) =>
        index === wrong ? { ...event, at: event.at + offset * stepMs } : event,
      )
      const codes = codesOf(await runStory({ ...story, expect: shifted.map(expectationOf) }))
      assert.deepEqual(codes, [events[wrong]?.kind === 'resolved' ? 'TEST_NOT_RESOLVED' : 'TEST_NOT_FIRED'])
    }),
    25,
  )
  assert.ok(alerts > 25, `only ${alerts} alerts were made`)
})

function counted(told: readonly { minutes: number; errors: number }[]): number[] {
  const counts = Array.from({ length: 31 }, () => 0)
  for (const { minutes, errors } of told) {
    for (let minute = 0; minute < minutes; minute++) counts.push(counts[counts.length - 1] + errors)
  }
  return counts
}

function seriesOf(errors: readonly number[]): string[] {
  return [
    `requests_total{service="catalogue",region="eu"}: 0+1000x${errors.length - 1}`,
    `errors_total{service="catalogue",region="eu"}: ${errors.join(' ')}`,
  ]
}

/** The same samples, without series notation and without anything of the rule tests. */
async function replayed(slos: Parameters<typeof replay>[0], errors: readonly number[]): Promise<readonly Episode[]> {
  const { log, run } = replay(slos, stepMs)
  for (const [metric, valueAt] of [
    ['requests_total', (index: number) => 1000 * index],
    ['errors_total', (index: number) => errors[index]],
  ] as const) {
    const labels = labelsOf(Object.entries({ __name__: metric, service: 'catalogue', region: 'eu' }))
    const ref = log.resolve(labels, { source: 'made', region: undefined })
    const batch = sampleBatch(errors.length)
    for (const index of errors.keys()) {
      batch.refs[index] = ref
      batch.timesMs[index] = start + index * minuteMs
      batch.values[index] = valueAt(index)
    }
    batch.length = errors.length
    log.append(batch)
  }
  return (await run({ start })).episodes
}

interface Event {
  readonly kind: 'page' | 'ticket' | 'resolved'
  readonly at: number
  readonly severity: string
  readonly scope: string
}

function eventsOf({ id, firedAt, resolvedAt }: Episode): Event[] {
  const { severity, scope } = id
  const fired = { kind: severity, at: firedAt, severity, scope }
  return resolvedAt === null ? [fired] : [fired, { kind: 'resolved', at: resolvedAt, severity, scope }]
}

function expectationOf({ kind, at, severity, scope }: Event): string {
  return `{ at: ${formatDuration(at - start)}, ${kind}: { slo: catalogue, severity: ${severity}, scope: ${scope} } }`
}

function openOf(episodes: readonly Episode[]): string {
  return episodes
    .filter(({ resolvedAt }) => resolvedAt === null)
    .map(({ id }) => `{ slo: catalogue, severity: ${id.severity}, scope: ${id.scope} }`)
    .join(', ')
}
