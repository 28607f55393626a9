import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CountHistory } from '../../src/core/series/count-history.ts'
import { type CheckpointChanges, newRoom } from '../../src/engine/checkpoint-parts.ts'
import { clearedIn, historyParts, storedRows } from '../../src/engine/checkpoint-rows.ts'
import { holdsForAll } from '../support/engine-properties.ts'

const step = 15_000
const hour = 3_600_000
const start = 1_767_225_600_000
const horizon = 30 * 24 * hour

type Change =
  | { readonly kind: 'add'; readonly column: number; readonly late: number; readonly amount: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'column' }
  | { readonly kind: 'remove'; readonly column: number }

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    column: fc.nat(7),
    late: fc.oneof(fc.nat(3 * step), fc.nat(20 * hour)),
    // Parts of events, and more than 32 bits hold.
    amount: fc.oneof(fc.nat(5_000), fc.constant(0.25), fc.constant(2 ** 33)),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.oneof(fc.nat(4 * step), fc.nat(3 * hour)) }),
  fc.record({ kind: fc.constant('column' as const) }),
  fc.record({ kind: fc.constant('remove' as const), column: fc.nat(7) }),
)

test('a checkpoint holds the moment it was taken at, whatever is counted, thinned or removed before it is written', () => {
  holdsForAll(
    fc.property(
      fc.array(fc.tuple(fc.array(change, { maxLength: 12 }), fc.array(change, { maxLength: 6 }), fc.boolean()), {
        minLength: 1,
        maxLength: 6,
      }),
      (rounds) => {
        const world = new World()
        const store = new Map<string, Uint8Array>()
        for (const [before, meanwhile, fails] of rounds) {
          for (const each of before) world.play(each)
          const { history } = world
          const taken = historyParts('eu/west', history.takeChanges(), history.columns)
          const expected = totalsOf(history)
          const shape = { columns: history.columns, freeColumns: [...history.freeColumns] }
          for (const each of meanwhile) world.play(each)
          if (fails) {
            history.markUnsaved()
            world.removed.push(...taken.removed)
            continue
          }
          write(store, taken, world.removed.splice(0))
          const restored = new CountHistory(step, horizon)
          const copies = new Map([...store].map(([name, bytes]) => [name, bytes.slice()]))
          restored.restoreColumns({ ...shape, cleared: clearedIn(copies, 'eu/west') })
          restored.restoreRows(storedRows(copies)('eu/west', false))
          assert.deepEqual(totalsOf(restored), expected)
        }
      },
    ),
    100,
  )
})

/** A history of three columns that was stored; then one of them went away. */
function storedWithoutOne() {
  const world = new World()
  for (let index = 0; index < 400; index++) {
    world.play({ kind: 'add', column: index % 3, late: 0, amount: 5 })
    world.play({ kind: 'pass', ms: step })
  }
  const store = new Map<string, Uint8Array>()
  const { history } = world
  write(store, historyParts('eu', history.takeChanges(), history.columns), [])
  history.removeColumn(1)
  return { history, store }
}

test('a column that goes away has no row written again for it', () => {
  const { history, store } = storedWithoutOne()
  const changes = historyParts('eu', history.takeChanges(), history.columns)
  assert.equal(changes.later.size, 0)
  write(store, changes, [])
  const restored = new CountHistory(step, horizon)
  restored.restoreColumns({ columns: history.columns, freeColumns: [1], cleared: clearedIn(store, 'eu') })
  restored.restoreRows(storedRows(store)('eu', false))
  assert.deepEqual(totalsOf(restored), totalsOf(history))
})

test('a column that goes away and is used again before the rows are back begins at zero', () => {
  const { history, store } = storedWithoutOne()
  const restored = new CountHistory(step, horizon)
  restored.restoreColumns({ columns: history.columns, freeColumns: [], cleared: clearedIn(store, 'eu') })
  restored.removeColumn(1)
  assert.equal(restored.addColumn(), 1)
  // There may be more of them by now than there were.
  assert.equal(restored.addColumn(), 3)
  restored.restoreRows(storedRows(store)('eu', false))
  const columns = [0, 1, 2, 3].map((column) => restored.latestCount(column))
  assert.deepEqual(columns, [...[0, 1, 2].map((column) => history.latestCount(column)), 0])
  assert.equal(columns[1], 0)
})

test('rows of whole counts take four bytes a column in the store', () => {
  const world = new World()
  for (let index = 0; index < 400; index++) {
    for (const column of [0, 1, 2]) world.play({ kind: 'add', column, late: 0, amount: 5 })
    world.play({ kind: 'pass', ms: step })
  }
  const { history } = world
  const { later } = historyParts('eu', history.takeChanges(), history.columns)
  const rows = [...later].filter(([name]) => name.startsWith('row/'))
  assert.equal(rows.length, history.rows.length)
  for (const [, make] of rows) assert.equal(make(newRoom).length, 16 + 4 * history.columns)
})

test('a row whose base is lost is refused, not misread', () => {
  const world = new World()
  for (let index = 0; index < 20; index++) {
    world.play({ kind: 'add', column: 0, late: 0, amount: 5 })
    world.play({ kind: 'pass', ms: step })
  }
  const store = new Map<string, Uint8Array>()
  write(store, historyParts('eu', world.history.takeChanges(), world.history.columns), [])
  for (const name of store.keys()) if (name.startsWith('base/')) store.delete(name)
  assert.throws(() => storedRows(store)('eu', false), /checkpoint lacks base \d+ of row \d+ in eu/)
})

/** A history of a few columns that come and go, as time passes. */
class World {
  readonly history = new CountHistory(step, horizon)
  /** Names that checkpoints which failed should have removed. */
  readonly removed: string[] = []
  #now = start

  constructor() {
    for (let column = 0; column < 3; column++) this.history.addColumn()
  }

  play(each: Change): void {
    const { history } = this
    if (each.kind === 'pass') this.#now += each.ms
    if (each.kind === 'column') history.addColumn()
    const used = Array.from({ length: history.columns }, (_, column) => column).filter(
      (column) => !history.freeColumns.includes(column),
    )
    if (used.length === 0) return
    if (each.kind === 'remove') history.removeColumn(used[each.column % used.length])
    if (each.kind !== 'add') return
    const at = this.#now - each.late
    history.add(used[each.column % used.length], at - step, at, each.amount)
  }
}

function write(store: Map<string, Uint8Array>, changes: CheckpointChanges, removed: readonly string[]): void {
  const { parts, later } = changes
  for (const name of [...removed, ...changes.removed]) if (!parts.has(name) && !later.has(name)) store.delete(name)
  for (const [name, part] of parts) store.set(name, part.slice())
  for (const [name, make] of later) store.set(name, make(newRoom).slice())
}

function totalsOf(history: CountHistory): readonly (readonly [number, readonly number[]])[] {
  const columns = Array.from({ length: history.columns }, (_, column) => column)
  return history.rows.map((row) => [row.at, columns.map((column) => row.count(column))])
}
