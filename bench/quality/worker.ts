import { parentPort, workerData } from 'node:worker_threads'
import type { AlertPolicy } from '../../src/core/model/slo.ts'
import { play, type Seen } from './play.ts'
import { type JudgedHappening, judge } from './truth.ts'
import { drawWorld, type Scenario } from './world.ts'

/** One scenario, what happened in it, and what each policy said. */
export interface Played {
  readonly scenario: Scenario
  readonly happenings: readonly JudgedHappening[]
  readonly seen: Seen
}

const { policies }: { readonly policies: readonly AlertPolicy[] } = workerData

parentPort?.on('message', (scenario: Scenario) => {
  void (async () => {
    const world = drawWorld(scenario)
    const played: Played = { scenario, happenings: judge(world), seen: await play(world, policies) }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort?.postMessage(played)
  })()
})
