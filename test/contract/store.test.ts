import { join } from 'node:path'
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts'
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

for (const [name, open] of [
  ['SQLite in memory', inMemory],
  ['SQLite in a file', inFile],
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
