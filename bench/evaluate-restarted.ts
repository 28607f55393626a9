import { once } from 'node:events'
import module from 'node:module'
import type { TrafficState } from './evaluate-world.ts'

/** What a process is to do that starts from a config. */
export interface RestartedOrder {
  readonly config: string
  /** How many SLOs its rules declare. */
  readonly slos: number
  /** To keep what the rules gave; or to go on until a step is decided, with what the process before it had counted and would have sent. */
  readonly task: 'keep' | { readonly counts: readonly number[]; readonly traffic: TrafficState }
}

/** What was measured, from the moment at which the process was begun; times in milliseconds. */
export interface RestartedFigures {
  /** Wall time until the rules were read. */
  readonly rulesMs: number
  /** CPU and wall time until a step was decided, without what only the bench does. */
  readonly cpuMs: number
  readonly wallMs: number
  /** The most memory that was resident. */
  readonly peakMb: number
  readonly isSame: boolean
}

if (process.argv[1] === import.meta.filename) {
  const ordered = once(process, 'message')
  // As bin/sloburn.js does before it loads anything.
  module.enableCompileCache()
  const { start } = await import('./start-from-config.ts')
  const [order]: RestartedOrder[] = await ordered
  const figures = await start(order)
  process.send?.(figures, () => process.exit())
}
