import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RestartedFigures, RestartedOrder } from './evaluate-restarted.ts'
import type { RestartOrder } from './evaluate-scale.ts'
import { regionsPerSlo, ruleText, stepMs } from './evaluate-world.ts'

/** SLOs in one file: what a team of some size has in one. */
const slosPerFile = 100

process.once('message', (order: RestartOrder) => {
  void measure(order).then((figures) => process.send?.(figures, () => process.disconnect()))
})

/**
 * From a folder of rule files and a store that was written by another process to the first step that was decided, by the functions that
 * `sloburn run` starts with. A first process finds no rules kept, and only keeps them; the second is the one that restarts.
 */
async function measure({ rules, file, counts, traffic }: RestartOrder) {
  const folder = dirname(file)
  const slos = Math.round(rules.sloRegions / regionsPerSlo)
  writeRules(join(folder, 'rules'), slos, rules.policy)
  const config = join(folder, 'sloburn.yaml')
  writeFileSync(config, configOf(folder, file))
  const parsed = await inProcess({ config, slos, task: 'keep' })
  const restarted = await inProcess({ config, slos, task: { counts, traffic } })
  return {
    restartMs: restarted.cpuMs,
    restartWallMs: restarted.wallMs,
    restartPeakMb: restarted.peakMb,
    rulesParsedMs: parsed.rulesMs,
    rulesKeptMs: restarted.rulesMs,
    isSameAfterwards: restarted.isSame,
  }
}

/** Rules as people write them. */
function writeRules(folder: string, slos: number, policy: string): void {
  mkdirSync(folder)
  for (let from = 0; from < slos; from += slosPerFile) {
    const numbers = Array.from({ length: Math.min(slosPerFile, slos - from) }, (_, place) => from + place)
    const text = numbers.map((number) => ruleText(number, policy)).join('---\n')
    writeFileSync(join(folder, `services-${from}.yaml`), text)
  }
}

function configOf(folder: string, store: string): string {
  return `rules: [${join(folder, 'rules')}]
evaluation: { interval: ${stepMs / 1_000}s, delay: 0s }
log: { level: error }
sources: [{ name: bench, remoteWrite: {} }]
store: { sqlite: { path: ${store} } }
`
}

async function inProcess(order: RestartedOrder): Promise<RestartedFigures> {
  const child = fork(new URL('evaluate-restarted.ts', import.meta.url), [order.config], {
    // With the heap that Node gives by itself, as the engine has it.
    execArgv: [],
    serialization: 'advanced',
  })
  child.send(order)
  const [figures] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])])
  if (figures === undefined) throw new Error('the process that starts ended')
  return figures
}
