import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { aNewDelivery, aTick } from './delivery-messages.ts'

// Opens the store named on the command line, commits one message and holds the store until it is killed.
const store = openSqliteStore(process.argv[2])
await store.commit(aTick({ deliveries: [aNewDelivery()] }))
process.stdout.write('holding\n')
setInterval(() => {}, 60_000)
