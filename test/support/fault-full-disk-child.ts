import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aNotification, aTick } from './delivery-messages.ts'

// Commits until the system lets the file grow no further, and says how many commits were answered with success.
const store = openSqliteStore(process.argv[2])
let stored = 0
for (;;) {
  const notification = aNotification({ slo: `slo-${stored}`, description: 'x'.repeat(20_000) })
  try {
    await store.commit(aTick({ deliveries: [aNewDelivery(notification)] }))
    stored++
  } catch (error) {
    console.log(`stored ${stored}: ${error instanceof Error ? error.message : String(error)}`)
    break
  }
}
process.exit(0)
