import { parseArgs } from 'node:util'
import { runSeed } from '../test/simulation/world/run-seed.ts'

// Replays one seed of the simulated world, or looks for one that fails: npm run simulate -- --seed 7, or -- --from 1 --count 500.
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
  },
})

if (values.seed !== undefined) await replay(Number(values.seed))
else await search(Number(values.from), Number(values.count))

async function replay(seed: number): Promise<void> {
  const { trace, fault, kills, incidents, messages } = await runSeed(seed)
  for (const line of trace) console.log(line)
  console.log(`\nseed ${seed}: ${kills} kills, ${incidents} incidents at the pager, ${messages} messages taken`)
  console.log(fault === undefined ? 'everything held' : `FAULT: ${fault}`)
  if (fault !== undefined) process.exitCode = 1
}

async function search(from: number, count: number): Promise<void> {
  let failed = 0
  for (let seed = from; seed < from + count; seed++) {
    const { fault } = await runSeed(seed)
    if (fault === undefined) continue
    failed++
    console.log(`seed ${seed}: ${fault}`)
  }
  console.log(`${count} seeds from ${from}: ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}
