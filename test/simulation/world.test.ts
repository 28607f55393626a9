import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runSeed } from './world/run-seed.ts'

const processes = 2
const seeds = Number(process.env['SLOBURN_SEEDS'] ?? 1_000)

interface Total {
  readonly seeds: number
  readonly kills: number
  readonly incidents: number
  readonly messages: number
  readonly faults: readonly { readonly seed: number; readonly fault: string }[]
}

test('engine, outbox and pagers in a thousand disturbed worlds: one incident per episode, and all comes to its end', async (t) => {
  const share = Math.ceil(seeds / processes)
  const totals = await Promise.all(Array.from({ length: processes }, (_, index) => shareOf(1 + index * share, share)))
  const sum = (of: (total: Total) => number) => totals.reduce((all, total) => all + of(total), 0)
  const faults = totals.flatMap((total) => total.faults)
  const [first] = faults
  assert.equal(faults.length, 0, `npm run simulate -- --seed ${first?.seed} shows: ${first?.fault}`)
  assert.ok(sum((total) => total.kills) > 2 * seeds, 'processes were killed')
  assert.ok(sum((total) => total.incidents) > seeds, 'pagers were opened')
  t.diagnostic(
    `${sum((total) => total.seeds)} worlds, ${sum((total) => total.kills)} kills, ${sum((total) => total.incidents)} incidents, ${sum((total) => total.messages)} messages`,
  )
})

test('the same seed is the same world, line by line', async () => {
  const [one, other] = [await runSeed(7), await runSeed(7)]
  assert.deepEqual(one.trace, other.trace)
  assert.ok(one.trace.length > 20)
})

for (const sabotage of ['forgets-attempts', 'keys-hold-times', 'withdraws-nothing'] as const) {
  test(`sabotage is found out: ${sabotage}`, async () => {
    for (let seed = 1; seed <= 20; seed++) if ((await runSeed(seed, sabotage)).fault !== undefined) return
    assert.fail('no seed of twenty noticed')
  })
}

async function shareOf(from: number, count: number): Promise<Total> {
  const worker = fork(fileURLToPath(new URL('world/worker.ts', import.meta.url)), [String(from), String(from + count)])
  const [total]: Total[] = await once(worker, 'message')
  return total
}
