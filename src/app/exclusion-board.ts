import { randomUUID } from 'node:crypto'
import type { Exclusion } from '../core/model/exclusion.ts'
import { exclusionsMax } from '../core/model/limits.ts'
import type { Engine } from '../engine/engine.ts'
import type { Clock } from '../ports/clock.ts'
import type { ExclusionBoard } from '../ports/exclusion-board.ts'
import type { ExclusionStore } from '../ports/exclusions.ts'

/** Where exclusions are kept, and where they take effect. */
export interface ExclusionWorld {
  readonly engine: Pick<Engine, 'setExclusions'>
  readonly store: ExclusionStore
  readonly clock: Pick<Clock, 'now'>
  /** Runs an action between two ticks. */
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>
}

/** The exclusions in force, from rule files and from people, and the way in for both. */
export interface RunningExclusions extends ExclusionBoard {
  /** These are what rule files declare from now on. */
  declare(maintenances: readonly Exclusion[]): Promise<void>
}

/** Keeps the engine's exclusions those of the rule files and of the store together. */
export function runningExclusions({ engine, store, clock, exclusively }: ExclusionWorld): RunningExclusions {
  let declared: readonly Exclusion[] = []
  const apply = async (): Promise<void> => {
    const made = await store.list({ withRemoved: false })
    engine.setExclusions([...declared, ...made.map(({ exclusion }) => exclusion)])
  }
  return {
    declare: async (maintenances) => {
      declared = maintenances
      await apply()
    },
    list: async (withRemoved) => [
      ...declared.map((exclusion) => ({ exclusion, createdAt: null, removed: null })),
      ...(await store.list({ withRemoved })),
    ],
    add: ({ from, to, ...wanted }) =>
      exclusively(async () => {
        if ((await store.list({ withRemoved: false })).length >= exclusionsMax) {
          return `there are ${exclusionsMax} exclusions already; take back those that no budget holds any more`
        }
        const exclusion = { id: randomUUID(), ...wanted, schedule: { kind: 'once', from, to }, at: null } as const
        const createdAt = clock.now()
        await store.add(exclusion, createdAt)
        await apply()
        return { exclusion, createdAt, removed: null }
      }),
    remove: (id, by) =>
      exclusively(async () => {
        const isRemoved = await store.remove(id, by, clock.now())
        if (isRemoved) await apply()
        return isRemoved
      }),
    audit: (limit) => store.audit({ limit }),
  }
}
