import type { Episode } from '../../src/core/model/alert.ts'
import { labelsOf } from '../../src/core/model/labels.ts'
import type { Slo } from '../../src/core/model/slo.ts'
import { sampleBatch } from '../../src/ports/sample-sink.ts'
import { replay } from '../../src/simulation/replay.ts'

/** The error ratio of the events of each second, counted from the onset: negative seconds are the history before it. */
export type ErrorProfile = (second: number) => string

/** Events of each step: enough that every error ratio used makes whole events. */
const eventsPerStep = 10_000

/** Seven minutes past: on the grid of every evaluation interval, off those of the coarser rows. */
const onsetMs = Date.UTC(2026, 0, 5, 12, 7)

/**
 * Replays one region with constant traffic, a sample every step, and one counter of bad events per profile:
 * `bad{profile="…"}` beside `total`. The episodes' times are moved so that 0 is the onset.
 */
export async function replayProfiles(
  slos: readonly Slo[],
  profiles: ReadonlyMap<string, ErrorProfile>,
  stepSeconds: number,
  seconds: { readonly history: number; readonly after: number },
): Promise<readonly Episode[]> {
  const { log, run } = replay(slos, stepSeconds * 1_000)
  const origin = { source: 'test', region: 'eu' }
  const counterOf = (metric: string, labels: readonly [string, string][]) =>
    log.resolve(labelsOf([['__name__', metric], ...labels]), origin)
  const total = counterOf('total', [])
  const bad = [...profiles].map(([profile, errorRatio]) => ({
    ref: counterOf('bad', [['profile', profile]]),
    errorRatio,
    events: 0,
  }))
  const batch = sampleBatch(1 + bad.length)
  batch.length = 1 + bad.length
  // Off the minute by one step where a step is shorter than a minute.
  const zeroMs = onsetMs + (stepSeconds % 60) * 1_000
  for (let second = -seconds.history; second <= seconds.after; second += stepSeconds) {
    batch.timesMs.fill(zeroMs + second * 1_000)
    batch.refs[0] = total
    batch.values[0] = ((second + seconds.history) / stepSeconds) * eventsPerStep
    for (const [index, counter] of bad.entries()) {
      if (second > -seconds.history) counter.events += Math.round(Number(counter.errorRatio(second)) * eventsPerStep)
      batch.refs[index + 1] = counter.ref
      batch.values[index + 1] = counter.events
    }
    log.append(batch)
  }
  const { episodes } = await run({})
  return episodes.map((episode) => ({
    ...episode,
    firedAt: episode.firedAt - zeroMs,
    resolvedAt: episode.resolvedAt === null ? null : episode.resolvedAt - zeroMs,
  }))
}
