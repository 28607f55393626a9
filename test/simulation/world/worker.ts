import { runSeed } from './run-seed.ts'

// Runs the seeds named on the command line, from one up to but not including another, and tells of those that failed.
const [from, to] = process.argv.slice(2).map(Number)
const total = { seeds: 0, kills: 0, incidents: 0, messages: 0, faults: [] as { seed: number; fault: string }[] }
for (let seed = from; seed < to; seed++) {
  const { kills, incidents, messages, fault } = await runSeed(seed)
  total.seeds++
  total.kills += kills
  total.incidents += incidents
  total.messages += messages
  if (fault !== undefined) total.faults.push({ seed, fault })
}
process.send?.(total)
