import type { DatabaseSync } from 'node:sqlite'
import type { NewDelivery } from '../../core/model/delivery.ts'
import type { Incident } from '../../core/model/incident.ts'
import { readMessage } from './outbox/read-message.ts'
import { prepared } from './prepared.ts'
import { textIn } from './rows.ts'
import { selectSaid, selectWords } from './statements/incidents.ts'

/** An incident as its row holds it: without its words where a message holds them. */
export type StoredIncident = Omit<Incident, 'words'> & Partial<Pick<Incident, 'words'>>

/**
 * What an open incident said last stands in its last message already, which is kept as long as it is open: to write it twice would
 * more than double its row. One that is closed keeps its words itself, since its messages are forgotten before it is.
 */
export interface IncidentWords {
  /** What the messages of a commit say, for `isStored`. */
  saidBy(deliveries: readonly NewDelivery[]): ReadonlySet<string>
  /** Whether a message says what the incident does. */
  isStored(incident: Incident, said: ReadonlySet<string>): boolean
  /** The incident with its words. */
  restored(incident: StoredIncident): Incident
}

/** Words of incidents, found in the messages of the outbox. */
export function incidentWords(database: DatabaseSync): IncidentWords {
  const select = prepared(database, selectWords)
  const selectKept = prepared(database, selectSaid)

  return {
    saidBy: (deliveries) => {
      return new Set(deliveries.flatMap(({ notification: one }) => (one.kind === 'incident' ? [saying(one)] : [])))
    },
    isStored({ key, openedAt, phase, words }, said) {
      if (words === null || phase.kind === 'closed' || words.key !== key || words.firedAt !== openedAt) return false
      return said.has(saying(words)) || selectKept.get({ key, openedAt, revision: words.revision }) !== undefined
    },
    restored(incident) {
      if (incident.words !== undefined) return { ...incident, words: incident.words }
      const { key, openedAt } = incident
      const row = select.get({ key, openedAt })
      const message = row === undefined ? undefined : readMessage(textIn(row, 'notification'))
      if (message?.kind !== 'incident') return { ...incident, words: null }
      const { history: _, ...words } = message
      return { ...incident, words }
    },
  }
}

function saying({ incidentId, revision }: Extract<NewDelivery['notification'], { kind: 'incident' }>): string {
  return `${incidentId} ${revision}`
}
