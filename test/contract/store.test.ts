import { join } from 'node:path'
import { silentLog } from '../../src/ports/log.ts'
import { silentMeter } from '../../src/ports/meter.ts'
import { emergencyStore } from '../../src/storage/emergency/emergency-store.ts'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
import { isStoreOutage } from '../../src/storage/sqlite/store-error.ts'
import { storeFolder } from '../support/store-folder.ts'
import { durableStoreContract } from './durable-store-contract.ts'
import { incidentsContract } from './incidents-contract.ts'
import { outboxContract } from './outbox-contract.ts'
import { outboxRevisionsContract } from './outbox-revisions-contract.ts'
import { outboxSettlingContract } from './outbox-settling-contract.ts'
import { type OpenStore, storeContract } from './store-contract.ts'

const inMemory: OpenStore = async (t) => {
  const store = openSqliteStore(':memory:')
  t.after(() => store.close())
  return store
}

const inFile: OpenStore = async (t) => {
  const store = openSqliteStore(join(storeFolder(t), 'sloburn.db'))
  t.after(() => store.close())
  return store
}

/** While the store can be written, nothing of the path for the time when it cannot is seen. */
const withEmergencyPath: OpenStore = async (t) => {
  const world = { now: () => Date.now(), log: silentLog, meter: silentMeter, isOutage: isStoreOutage }
  const store = emergencyStore(openSqliteStore(':memory:'), world)
  t.after(() => store.close())
  return store
}

for (const [name, open] of [
  ['SQLite in memory', inMemory],
  ['SQLite in a file', inFile],
  ['SQLite with the emergency path', withEmergencyPath],
] as const) {
  storeContract(name, open)
  outboxContract(name, open)
  outboxSettlingContract(name, open)
  outboxRevisionsContract(name, open)
  incidentsContract(name, open)
}

durableStoreContract('SQLite in a file', (t) => {
  const path = join(storeFolder(t), 'sloburn.db')
  return async () => openSqliteStore(path)
})
