import { cpus } from 'node:os'

/** The machine and runtime that figures were taken on, in one line. */
export function machine(): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, Node ${process.versions.node}`
}

/** CPU seconds, user and system, that an action took: wall time moves with whatever else the machine does. */
export function cpuSeconds(action: () => void): number {
  const before = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** The same for an action that waits. */
export async function cpuSecondsOf(action: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await action()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** The middle of several measurements, the upper one of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Repeats a measurement, the first one unused: the compiler settles in it. */
export function medianOf(runs: number, measurement: () => number): number {
  measurement()
  return median(Array.from({ length: runs }, measurement))
}
