import { minuteMs } from '../../core/model/units.ts'
import type { InboxMessage } from '../../ports/inbox.ts'
import { systemClock } from '../system-clock.ts'
import { type DemoInbox, openInbox } from './inbox.ts'
import { type Breakage, openShop, type Shop } from './shop.ts'

/** What the demo's engine watches, and whom it tells. */
export interface DemoWorld {
  readonly shops: readonly (Shop & { readonly region: string })[]
  readonly inbox: DemoInbox
  close(): Promise<void>
}

/** After this long the same things break again. */
const periodMs = 15 * minuteMs

const checkoutBreaks: Breakage = { job: 'checkout', fromMs: minuteMs, toMs: 2 * minuteMs, errorRatio: 0.4 }
const catalogueLimps: Breakage = {
  job: 'catalogue',
  fromMs: 5 * minuteMs,
  toMs: 8 * minuteMs,
  errorRatio: 0.006,
}

const regions = [
  { region: 'eu-west-1', size: 1, breakages: [checkoutBreaks] },
  { region: 'us-east-1', size: 0.7, breakages: [catalogueLimps] },
  { region: 'ap-south-1', size: 0.25, breakages: [] },
]

/** Opens one shop a region and the inbox of whoever is on call, on free ports of this machine. */
export async function openDemoWorld(onMessage: (message: InboxMessage) => void): Promise<DemoWorld> {
  const inbox = await openInbox(() => systemClock.now(), onMessage)
  const shops = await Promise.all(
    regions.map(async (region) => ({
      region: region.region,
      ...(await openShop({ ...region, periodMs, clock: systemClock })),
    })),
  )
  return {
    shops,
    inbox,
    close: async () => {
      await Promise.all([inbox.close(), ...shops.map((shop) => shop.close())])
    },
  }
}
