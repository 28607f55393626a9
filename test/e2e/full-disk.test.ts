import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { lastFirst } from '../support/cleanup.ts'
import { scrapedShop, shopRules } from '../support/scraped-shop.ts'
import { startEngine } from '../support/started-peers.ts'
import { eventually, type StartedProcess } from '../support/started-process.ts'

/** Sets limits of a process that runs; part of every Linux system. */
const prlimit = '/usr/bin/prlimit'
const skip = existsSync(prlimit) ? false : 'optional: limits of a running process can be set on Linux alone'

/** The whole engine as a process, fed by a scrape, paging a webhook. */
async function aWorld(t: TestContext) {
  const cleanup = lastFirst(t)
  const { folder, config, exporter, hook } = await scrapedShop(cleanup)
  const rules = shopRules({ long: '10s', regions: '{ global: none }' })
  return {
    hook,
    start: async (isDiskFull = false) => {
      // The index of the log, of 32 KiB, is made anew at a start: that much room is left by the process that died.
      const under = isDiskFull ? [prlimit, '--fsize=36864:unlimited'] : []
      const files = { folder, config, rules, under, signal: 'SIGKILL' } as const
      const { started: engine, url } = await startEngine(cleanup, files)
      const api = async <T>(path: string): Promise<T> => readData(`${url}/api/v1/${path}`)
      const counts = async () => {
        const { scopes } = await api<Slo>('slos/shop')
        return (scopes[0]?.total ?? 0) > 100 ? true : undefined
      }
      await eventually(counts, 'the engine counts')
      return { engine, api }
    },
    traffic: exporter.setTraffic,
  }
}

/** From here on no file of the process takes anything, as on a disk that is full; sockets do. */
function fillDisk({ process: { pid } }: StartedProcess): void {
  execFileSync(prlimit, ['--pid', String(pid), '--fsize=1:unlimited'])
}

function freeDisk({ process: { pid } }: StartedProcess): void {
  execFileSync(prlimit, ['--pid', String(pid), '--fsize=unlimited:unlimited'])
}

test('36. the disk fills up before it burns: the page goes out all the same, and is stored once there is room', {
  timeout: 120_000,
  skip,
}, async (t) => {
  const { hook, start, traffic } = await aWorld(t)
  const { engine, api } = await start()
  fillDisk(engine)
  await traffic(5, 5)
  await eventually(async () => (hook.count('firing') > 0 ? true : undefined), 'the page goes out')
  const { store } = await api<Status>('status')
  assert.equal(store.writable, false)
  assert.match(store.reason ?? '', /full|disk I\/O/)
  assert.match(engine.output(), /the store cannot be written: what is decided is held in memory/)
  const [held] = (await api<Incidents>('incidents')).incidents
  assert.ok(held !== undefined, 'who looks it up finds it')

  freeDisk(engine)
  await eventually(
    async () => ((await api<Status>('status')).store.writable ? true : undefined),
    'what was held is stored',
  )
  const told = await eventually(async () => {
    const { deliveries } = await api<Timeline>(`incidents/${encodeURIComponent(held.id)}`)
    return deliveries.some(({ status }) => status === 'delivered') ? deliveries : undefined
  }, 'the delivery is known')
  assert.deepEqual(
    told.map(({ change, attempts }) => [change, attempts.length]),
    [['opened', 1]],
  )
  await traffic(10, 0)
  await eventually(async () => (hook.count('resolved') > 0 ? true : undefined), 'the end goes where the page went')
  assert.deepEqual(hook.received(), ['firing', 'resolved'])
  assert.equal(await engine.stop(), 0)
})

test('36. killed and started again while the disk is full: the next process pages again under the same key, and ends it', {
  timeout: 120_000,
  skip,
}, async (t) => {
  const { hook, start, traffic } = await aWorld(t)
  const first = await start()
  fillDisk(first.engine)
  await traffic(5, 5)
  await eventually(async () => (hook.count('firing') > 0 ? true : undefined), 'the page goes out')
  await first.engine.stop('SIGKILL')
  const second = await start(true)
  await eventually(async () => (hook.count('firing') > 1 ? true : undefined), 'rather twice than not at all')
  assert.equal(hook.incidents('firing'), 1, 'one incident at a receiver that de-duplicates')
  assert.equal((await second.api<Status>('status')).store.writable, false)
  freeDisk(second.engine)
  await traffic(10, 0)
  await eventually(async () => (hook.count('resolved') > 0 ? true : undefined), 'it ends')
  assert.equal(hook.incidents('resolved'), 1)
  assert.equal(await second.engine.stop(), 0)
})

interface Slo {
  readonly scopes: readonly { readonly total: number | null }[]
}

interface Status {
  readonly store: { readonly writable: boolean; readonly reason?: string }
}

interface Incidents {
  readonly incidents: readonly { readonly id: string }[]
}

interface Timeline {
  readonly deliveries: readonly {
    readonly status: string
    readonly change: string
    readonly attempts: readonly unknown[]
  }[]
}

async function readData<T>(url: string): Promise<T> {
  const { data }: { data: T } = await (await fetch(url)).json()
  return data
}
