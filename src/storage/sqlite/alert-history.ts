import type { DatabaseSync } from 'node:sqlite'
import { type Address, type AlertRecord, alertKey, causeInKey, type Episode, isOpen } from '../../core/model/alert.ts'
import type { Severity } from '../../core/model/slo.ts'
import type { EpisodeQuery, StoredState, TickCommit } from '../../ports/store.ts'
import type { EarlierAlert } from './adopt-alerts.ts'
import { inOrder } from './in-order.ts'
import type { EarlierNotification } from './outbox/read-message.ts'
import { prepared } from './prepared.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from './rows.ts'
import * as sql from './statements/state.ts'

/** Alert states, progress and episodes: what the engine continues from and what people look back at. */
export interface AlertHistory {
  load(): Pick<StoredState, 'alerts' | 'progress'> & { readonly earlier: readonly EarlierAlert[] }
  /** Must run inside a transaction. */
  write(tick: Pick<TickCommit, 'alerts' | 'progress' | 'episodes'>): void
  episodes(query: EpisodeQuery): readonly Episode[]
}

/** The history in its three tables. */
export function alertHistory(database: DatabaseSync): AlertHistory {
  const selectAlertStates = prepared(database, sql.selectAlertStates)
  const upsertAlertState = prepared(database, sql.upsertAlertState)
  const deleteAlertState = prepared(database, sql.deleteAlertState)
  const selectProgress = prepared(database, sql.selectProgress)
  const upsertProgress = prepared(database, sql.upsertProgress)
  const upsertEpisode = prepared(database, sql.upsertEpisode)
  const selectEpisodes = prepared(database, sql.selectEpisodes)

  function writeAlert({ id, ...record }: AlertRecord): void {
    if (record.state.kind === 'inactive') deleteAlertState.run({ alertKey: alertKey(id) })
    else upsertAlertState.run({ ...columnsOf(id), record: JSON.stringify(record) })
  }

  function writeEpisode({ id, service, firedAt, resolvedAt, rule }: Episode): void {
    upsertEpisode.run({ ...columnsOf(id), service, firedAt, resolvedAt, rule: JSON.stringify(rule) })
  }

  return {
    load: () => ({
      alerts: selectAlertStates.all().map(alertRecord),
      earlier: selectAlertStates.all().flatMap(earlierAlert),
      progress: new Map(selectProgress.all().map((row) => [textIn(row, 'scope'), numberIn(row, 'evaluated_to')])),
    }),
    write({ alerts, progress, episodes }) {
      for (const alert of inOrder(alerts, ({ id }) => alertKey(id))) writeAlert(alert)
      for (const [scope, evaluatedTo] of progress) upsertProgress.run({ scope, evaluatedTo })
      for (const episode of inOrder(episodes, ({ id }) => alertKey(id))) writeEpisode(episode)
    },
    episodes: ({ activeOnly = false, slo = null, limit }) =>
      selectEpisodes.all({ activeOnly: activeOnly ? 1 : 0, slo, limit }).map(episodeOf),
  }
}

function alertRecord(row: Row): AlertRecord {
  const { state, service, opened }: StoredRecord = JSON.parse(textIn(row, 'record'))
  return { id: alertIdOf(row), state, service: service ?? opened?.service ?? '' }
}

/** What stands in the column beside the identity; `told` and `opened` are of the version that told of alerts one by one. */
interface StoredRecord {
  readonly state: AlertRecord['state']
  readonly service?: string
  readonly told?: readonly Address[]
  readonly opened?: EarlierNotification | null
}

function earlierAlert(row: Row): readonly EarlierAlert[] {
  const { state, told = [], opened }: StoredRecord = JSON.parse(textIn(row, 'record'))
  return isOpen(state) && opened !== undefined && opened !== null ? [{ id: alertIdOf(row), state, told, opened }] : []
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

/** The cause of an alert stands in its key alone. */
function columnsOf(id: AlertRecord['id']) {
  return { alertKey: alertKey(id), slo: id.slo, scope: id.scope, severity: id.severity }
}

function alertIdOf(row: Row): AlertRecord['id'] {
  const cause = causeInKey(textIn(row, 'alert_key'))
  const id = { slo: textIn(row, 'slo'), scope: textIn(row, 'scope'), severity: wordIn(row, 'severity', severities) }
  return cause === undefined ? id : { ...id, cause }
}

const severities: readonly Severity[] = ['page', 'ticket']
