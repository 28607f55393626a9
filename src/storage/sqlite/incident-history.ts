import type { DatabaseSync } from 'node:sqlite'
import type { Annotation } from '../../core/model/annotation.ts'
import type { AttemptRecord, Outcome } from '../../core/model/delivery.ts'
import type { BurnRatePoint, Incident, IncidentEvent, IncidentEventKind } from '../../core/model/incident.ts'
import type { Silence } from '../../core/model/silence.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { IncidentHistory, IncidentQuery, IncidentTimeline, TickCommit } from '../../ports/store.ts'
import { inOrder } from './in-order.ts'
import { incidentWords, type StoredIncident } from './incident-words.ts'
import { deliveryRecord } from './outbox/outbox-rows.ts'
import { prepared } from './prepared.ts'
import { numberIn, orNull, type Row, textIn, wordIn } from './rows.ts'
import * as sql from './statements/incidents.ts'

/** Incidents, their events and what keeps them quiet: what the engine continues from and what people look back at. */
export interface StoredIncidents {
  load(): {
    readonly incidents: readonly Incident[]
    readonly silences: readonly Silence[]
    readonly annotations: readonly Annotation[]
  }
  /** Must run inside a transaction. */
  write(tick: IncidentsCommit): void
  readonly history: IncidentHistory
}

/** What a commit says of incidents. */
export type IncidentsCommit = Pick<
  TickCommit,
  'incidents' | 'deliveries' | 'released' | 'incidentEvents' | 'burnRates' | 'silences' | 'annotations'
>

/** Incidents in their tables. */
export function storedIncidents(database: DatabaseSync): StoredIncidents {
  const upsert = prepared(database, sql.upsertIncident)
  const upsertRecord = prepared(database, sql.upsertRecord)
  const release = prepared(database, sql.releaseIncident)
  const selectActive = prepared(database, sql.selectActiveIncidents)
  const select = prepared(database, sql.selectIncidents)
  const selectOne = prepared(database, sql.selectIncident)
  const insertEvent = prepared(database, sql.insertEvent)
  const selectEvents = prepared(database, sql.selectEvents)
  const insertBurnRates = prepared(database, sql.insertBurnRates)
  const selectBurnRates = prepared(database, sql.selectBurnRates)
  const selectDeliveries = prepared(database, sql.selectDeliveriesOf)
  const selectAttempts = prepared(database, sql.selectAttemptsOf)
  const prune = prepared(database, sql.pruneIncidents)
  const words = incidentWords(database)
  const upsertSilence = prepared(database, sql.upsertSilence)
  const selectSilences = prepared(database, sql.selectSilences)
  const pruneSilences = prepared(database, sql.pruneSilences)
  const upsertAnnotation = prepared(database, sql.upsertAnnotation)
  const selectAnnotations = prepared(database, sql.selectAnnotations)
  const pruneAnnotations = prepared(database, sql.pruneAnnotations)

  function timeline(id: string): IncidentTimeline | undefined {
    const row = selectOne.get({ id })
    if (row === undefined) return undefined
    const incident = words.restored(incidentIn(row))
    const place = { key: incident.key, episode: incident.openedAt }
    return {
      incident,
      events: selectEvents.all({ id }).map(eventOf),
      deliveries: selectDeliveries.all(place).map(deliveryRecord),
      attempts: selectAttempts.all(place).map(attemptOf),
      burnRates: selectBurnRates.all({ id }).map(pointOf),
    }
  }

  return {
    load: () => ({
      incidents: selectActive.all().map((row) => words.restored(incidentIn(row))),
      silences: selectSilences.all().map(silenceIn),
      annotations: selectAnnotations.all().map(annotationIn),
    }),
    write({ incidents, deliveries, released, incidentEvents, burnRates, silences, annotations }) {
      const said = words.saidBy(deliveries)
      for (const incident of inOrder(incidents, ({ id }) => id)) {
        const parameters = parametersOf(incident, words.isStored(incident, said))
        upsert.run(parameters)
        upsertRecord.run(parameters)
      }
      for (const id of released) release.run({ id })
      for (const event of inOrder(incidentEvents, ({ incidentId }) => incidentId)) insertEvent.run({ ...event })
      for (const { incidentId, at, readings } of inOrder(burnRates, (point) => point.incidentId)) {
        insertBurnRates.run({ incidentId, at, readings: JSON.stringify(readings) })
      }
      for (const silence of silences) {
        const { id, createdAt, endsAt } = silence
        upsertSilence.run({ id, createdAt, endsAt, record: JSON.stringify(silence) })
      }
      for (const annotation of annotations) {
        upsertAnnotation.run({ id: annotation.id, at: annotation.at, record: JSON.stringify(annotation) })
      }
    },
    history: {
      list: async (query) => select.all(queryParameters(query)).map((row) => words.restored(incidentIn(row))),
      timeline: async (id) => timeline(id),
      async prune({ incidentsBefore, noticesBefore }) {
        pruneSilences.run({ endedBefore: noticesBefore })
        pruneAnnotations.run({ before: noticesBefore })
        return Number(prune.run({ closedBefore: incidentsBefore }).changes)
      },
    },
  }
}

function parametersOf(incident: Incident, areWordsStored: boolean) {
  const { id, key, service, openedAt, severity, sev } = incident
  const record = JSON.stringify(areWordsStored ? { ...incident, words: undefined } : incident)
  return { id, key, service, openedAt, closedAt: closedAt(incident), severity, sev, record }
}

function closedAt({ phase }: Incident): EpochMs | null {
  return phase.kind === 'closed' ? phase.at : null
}

function queryParameters({ state, slo, service, severity, sev, after, limit }: IncidentQuery) {
  return {
    state: state ?? null,
    slo: slo ?? null,
    service: service ?? null,
    severity: severity ?? null,
    sev: sev ?? null,
    afterOpenedAt: after?.openedAt ?? null,
    afterId: after?.id ?? null,
    limit,
  }
}

function incidentIn(row: Row): StoredIncident {
  const incident: StoredIncident = JSON.parse(textIn(row, 'record'))
  return incident
}

function silenceIn(row: Row): Silence {
  const silence: Silence = JSON.parse(textIn(row, 'record'))
  return silence
}

function annotationIn(row: Row): Annotation {
  const annotation: Annotation = JSON.parse(textIn(row, 'record'))
  return annotation
}

function eventOf(row: Row): IncidentEvent {
  return {
    incidentId: textIn(row, 'incident_id'),
    sequence: numberIn(row, 'sequence'),
    at: numberIn(row, 'at'),
    kind: wordIn(row, 'kind', eventKinds),
    about: orNull(textIn, row, 'about'),
    reason: textIn(row, 'reason'),
  }
}

function attemptOf(row: Row): AttemptRecord {
  return {
    deliveryId: textIn(row, 'delivery_id'),
    attempt: numberIn(row, 'attempt'),
    startedAt: numberIn(row, 'started_at'),
    endedAt: orNull(numberIn, row, 'ended_at'),
    outcome: row['outcome'] === null ? null : wordIn(row, 'outcome', outcomes),
    reason: orNull(textIn, row, 'reason'),
  }
}

const outcomes: readonly Outcome['kind'][] = ['delivered', 'retry', 'ambiguous', 'rejected']

function pointOf(row: Row): BurnRatePoint {
  const readings: BurnRatePoint['readings'] = JSON.parse(textIn(row, 'readings'))
  return { incidentId: textIn(row, 'incident_id'), at: numberIn(row, 'at'), readings }
}

const eventKinds: readonly IncidentEventKind[] = [
  'opened',
  'joined',
  'cleared',
  'escalated',
  'calmed',
  'worsened',
  'reopened',
  'flapping',
  'settling',
  'resolved',
  'silenced',
  'muted',
  'inhibited',
  'audible',
  'held',
  'released',
  'suppressed',
  'queued',
  'told',
  'repeated',
  'handed-on',
  'fell-back',
  'acknowledged',
  'acknowledgement-ended',
  'annotated',
]
