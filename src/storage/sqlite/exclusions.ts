import type { DatabaseSync } from 'node:sqlite'
import type { Exclusion } from '../../core/model/exclusion.ts'
import type { ExclusionAudit, ExclusionRecord, ExclusionStore } from '../../ports/exclusions.ts'
import { inTransaction } from './database.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from './rows.ts'
import * as sql from './statements/exclusions.ts'

/** Exclusions and their audit in two tables, of which nothing is ever deleted. */
export function sqliteExclusions(database: DatabaseSync): ExclusionStore {
  const insert = database.prepare(sql.insertExclusion)
  const remove = database.prepare(sql.removeExclusion)
  const note = database.prepare(sql.insertAudit)
  const select = database.prepare(sql.selectExclusions)
  const selectAudit = database.prepare(sql.selectAudit)

  return {
    list: async ({ withRemoved }) => select.all({ withRemoved: withRemoved ? 1 : 0 }).map(recordOf),
    async add(exclusion, at) {
      const { id, author, reason } = exclusion
      inTransaction(database, () => {
        insert.run({ id, exclusion: JSON.stringify(exclusion), createdAt: at })
        note.run({ id, action: 'created', at, author, reason })
      })
    },
    remove: async (id, { author, reason }, at) =>
      inTransaction(database, () => {
        if (remove.run({ id, at }).changes === 0) return false
        note.run({ id, action: 'removed', at, author, reason })
        return true
      }),
    audit: async ({ limit }) => selectAudit.all({ limit }).map(auditOf),
  }
}

function recordOf(row: Row): ExclusionRecord {
  const exclusion: Exclusion = JSON.parse(textIn(row, 'exclusion'))
  const removedAt = orNull(numberIn, row, 'removed_at')
  const removed =
    removedAt === null ? null : { at: removedAt, author: textIn(row, 'author'), reason: textIn(row, 'reason') }
  return { exclusion, createdAt: numberIn(row, 'created_at'), removed }
}

function auditOf(row: Row): ExclusionAudit {
  return {
    exclusionId: textIn(row, 'exclusion_id'),
    action: wordIn(row, 'action', actions),
    at: numberIn(row, 'at'),
    author: textIn(row, 'author'),
    reason: textIn(row, 'reason'),
  }
}

const actions: readonly ExclusionAudit['action'][] = ['created', 'removed']
