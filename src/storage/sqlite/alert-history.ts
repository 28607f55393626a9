import type { DatabaseSync } from 'node:sqlite'
import { type AlertRecord, alertKey, type Episode } from '../../core/model/alert.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { EpisodeQuery, StoredState, TickCommit } from '../../ports/store.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from './rows.ts'
import * as sql from './statements/state.ts'

/** Alert states, progress and episodes: what the engine continues from and what people look back at. */
export interface AlertHistory {
  load(): StoredState
  /** Must run inside a transaction. */
  write(tick: Pick<TickCommit, 'alerts' | 'progress' | 'episodes'>): void
  episodes(query: EpisodeQuery): readonly Episode[]
}

/** The history in its three tables. */
export function alertHistory(database: DatabaseSync): AlertHistory {
  const selectAlertStates = database.prepare(sql.selectAlertStates)
  const upsertAlertState = database.prepare(sql.upsertAlertState)
  const deleteAlertState = database.prepare(sql.deleteAlertState)
  const selectProgress = database.prepare(sql.selectProgress)
  const upsertProgress = database.prepare(sql.upsertProgress)
  const upsertEpisode = database.prepare(sql.upsertEpisode)
  const selectEpisodes = database.prepare(sql.selectEpisodes)

  function writeAlert({ id, ...record }: AlertRecord): void {
    if (record.state.kind === 'inactive') deleteAlertState.run({ alertKey: alertKey(id) })
    else upsertAlertState.run({ alertKey: alertKey(id), ...id, record: JSON.stringify(record) })
  }

  function writeEpisode({ id, service, firedAt, resolvedAt, rule }: Episode): void {
    upsertEpisode.run({ alertKey: alertKey(id), ...id, service, firedAt, resolvedAt, rule: JSON.stringify(rule) })
  }

  return {
    load: () => ({
      alerts: selectAlertStates.all().map(alertRecord),
      progress: new Map(selectProgress.all().map((row) => [textIn(row, 'scope'), numberIn(row, 'evaluated_to')])),
    }),
    write({ alerts, progress, episodes }) {
      for (const alert of alerts) writeAlert(alert)
      for (const [scope, evaluatedTo] of progress) upsertProgress.run({ scope, evaluatedTo })
      for (const episode of episodes) writeEpisode(episode)
    },
    episodes: ({ activeOnly = false, slo = null, limit }) =>
      selectEpisodes.all({ activeOnly: activeOnly ? 1 : 0, slo, limit }).map(episodeOf),
  }
}

function alertRecord(row: Row): AlertRecord {
  const record: Omit<AlertRecord, 'id'> = JSON.parse(textIn(row, 'record'))
  return { id: alertIdOf(row), ...record }
}

function episodeOf(row: Row): Episode {
  const rule: Episode['rule'] = JSON.parse(textIn(row, 'rule'))
  return {
    id: alertIdOf(row),
    service: textIn(row, 'service'),
    firedAt: numberIn(row, 'fired_at'),
    resolvedAt: orNull(numberIn, row, 'resolved_at'),
    rule,
  }
}

function alertIdOf(row: Row): AlertRecord['id'] {
  return { slo: textIn(row, 'slo'), scope: textIn(row, 'scope'), severity: wordIn(row, 'severity', severities) }
}

const severities: readonly Severity[] = ['page', 'ticket']
