import { setTimeout as sleep } from 'node:timers/promises'
import { foreignTool } from '../test/support/debian.ts'
import { benchHeld } from './delivery-held.ts'
import { countingHook } from './delivery-hook.ts'
import { type DeliverySide, startAlertmanager, startSloburn } from './delivery-sides.ts'
import { machine, median } from './measure.ts'

const incidents = 10_000
const rounds = 3
/** What a side does after the last message is charged to it as well. */
const afterwardsMs = 1_000
const profiling = ['--cpu-prof', '--cpu-prof-dir=.cache/profile']

/** How many times less CPU than Alertmanager a burst must take. */
const cpuFloor = 2

/**
 * A burst: so many SLOs break in one moment, each an incident of its own, and a webhook is told. Debian's Alertmanager is given as
 * many alerts, each in a group of its own. Turn by turn, each in a fresh process; what counts is the CPU time of that process, and
 * when the last message came. Ours keeps every decision and every attempt on disk; Alertmanager keeps nothing within that time.
 *
 * Words choose: `own` without Alertmanager, `once` one round, `profile` with a CPU profile in .cache/profile, `held` for open incidents alone.
 */
export async function benchDelivery(words: readonly string[]): Promise<void> {
  if (words.includes('held')) return await benchHeld(incidents)
  console.log(`${machine()}; ${incidents} incidents at once to a webhook, ${rounds} rounds\n`)
  const alertmanager = foreignTool('prometheus-alertmanager')
  if (alertmanager.skip !== false) console.log(`not compared: ${alertmanager.skip}`)
  const isCompared = alertmanager.skip === false && !words.includes('own')
  const figures = { sloburn: [] as Figures[], Alertmanager: [] as Figures[] }
  for (let round = 0; round < (words.includes('once') ? 1 : rounds); round++) {
    const execArgv = words.includes('profile') ? profiling : []
    figures.sloburn.push(await measure('sloburn', (url) => startSloburn(url, incidents, execArgv)))
    if (isCompared) {
      figures.Alertmanager.push(
        await measure('Alertmanager', (url) => startAlertmanager(alertmanager.path, url, incidents)),
      )
    }
  }
  if (isCompared) compare(figures.sloburn, figures.Alertmanager)
}

interface Figures {
  readonly cpuSeconds: number
  readonly lastMs: number
}

async function measure(name: string, start: (hookUrl: string) => Promise<DeliverySide>): Promise<Figures> {
  const hook = await countingHook()
  const side = await start(hook.url)
  try {
    // Whatever starting put off is done by then.
    await sleep(2_000)
    const before = side.usage()
    const startedAt = performance.now()
    const heard = hook.heard(incidents)
    await side.burst()
    const times = (await heard).map((at) => at - startedAt)
    await sleep(afterwardsMs)
    const { cpuSeconds, rssBytes } = side.usage()
    const figures = { cpuSeconds: cpuSeconds - before.cpuSeconds, lastMs: Math.max(...times) }
    const shown = [
      `CPU ${figures.cpuSeconds.toFixed(2)} s`,
      `first ${Math.min(...times).toFixed(0)} ms`,
      `median ${median(times).toFixed(0)} ms`,
      `last ${figures.lastMs.toFixed(0)} ms`,
      `${hook.messages} messages`,
      `RSS ${Math.round(rssBytes / 2 ** 20)} MiB`,
    ]
    console.log(`${name.padEnd(13)} ${shown.join(' · ')}`)
    return figures
  } finally {
    await side.stop()
    await hook.close()
  }
}

function compare(own: readonly Figures[], peer: readonly Figures[]): void {
  const cpu = median(peer.map(({ cpuSeconds }) => cpuSeconds)) / median(own.map(({ cpuSeconds }) => cpuSeconds))
  const last = median(peer.map(({ lastMs }) => lastMs)) / median(own.map(({ lastMs }) => lastMs))
  console.log(
    `\nAlertmanager takes ${cpu.toFixed(2)} times the CPU, and its last message comes ${last.toFixed(2)} times as late`,
  )
  if (cpu < cpuFloor || last < 1) {
    console.log(`MISSED: at least ${cpuFloor} times less CPU and an earlier last message are promised`)
    process.exitCode = 1
  }
}
