import { systemClock } from '../../src/app/system-clock.ts'
import { startDelivery } from '../../src/delivery/outbox-worker.ts'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { Life, mortal } from '../simulation/world/mortal.ts'
import { FaultDesk } from './fault-desk.ts'
import { aWebhook } from './faults-http.ts'

// Incidents, store and delivery for the story of one page: it opens and, once that is out, ends. At the n-th operation on the store
// the process kills itself, before it or once it is done; n = 0 lives. It says `operations N` when it comes to its end, and `pages`
// once the page is out if it is told to wait there.
const [path, url, at, moment, mode = 'run'] = process.argv.slice(2)
const opened = openSqliteStore(path)
const life = new Life()
if (Number(at) > 0) life.dieAt(Number(at), moment === 'after')
void life.over.then(() => process.kill(process.pid, 'SIGKILL'))

const store = mortal(opened, life)
const desk = await new FaultDesk(store, () => Date.now()).restore()
const delivery = startDelivery({
  store,
  receivers: [aWebhook(url, 2_000)],
  clock: systemClock,
  random: () => 0,
  log: silentLog,
  meter: silentMeter,
})

// Whoever reads `pages` may end this process at once.
const told = new Promise((resolve) => process.once('SIGTERM', resolve))
if (mode === 'hog') hog()
if (desk.incidents.length === 0) await desk.fire('checkout eu page')
delivery.notify()
await arrived('firing')
console.log('pages')
if (mode === 'wait') await told
else if (desk.incidents.some(({ phase }) => phase.kind !== 'closed')) await desk.resolve('checkout eu page')
delivery.notify()
if (mode !== 'wait') await arrived('resolved')
await delivery.stop(3_000)
await opened.close()
console.log(`operations ${life.operations}`)

async function arrived(status: string): Promise<void> {
  for (;;) {
    const delivered = await opened.outbox.list({ limit: 10, status: 'delivered' })
    if (delivered.some(({ messageStatus }) => messageStatus === status)) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Takes all memory there is, a moment after the page was decided. */
function hog(): void {
  const held: string[][] = []
  setTimeout(() => {
    for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => `${index} ${held.length}`))
  }, 1)
}
