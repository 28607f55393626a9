import { chainIsFree, neverDueAgain } from './chain.ts'

/** The same, as a column. */
function words(table: string): string {
  return `(SELECT notification FROM message WHERE message.sequence = ${table}.sequence) AS notification`
}

/** Pages before tickets, then the one that is due longest; among equals the one written first. */
export const selectCandidates = `
SELECT sequence, id, receiver, recipient, alert_key, episode, revision, change, wakes, attempts, maybe_sent, created_at,
  NOT EXISTS (SELECT 1 FROM outbox AS other
    WHERE other.receiver = candidate.receiver AND other.recipient = candidate.recipient
      AND other.alert_key = candidate.alert_key AND other.sequence <> candidate.sequence) AS is_alone
FROM outbox AS candidate
WHERE receiver = :receiver AND status = 'queued' AND due_at <= :now AND ${chainIsFree}
ORDER BY lane, due_at, sequence LIMIT :most`

/** What the message of a row says. */
export const selectMessage = 'SELECT notification FROM message WHERE sequence = :sequence'

/** Asked once per lane, so that the index answers it. */
export const selectNextDue = `
SELECT due_at FROM outbox AS candidate
WHERE receiver = :receiver AND lane = :lane AND status = 'queued' AND due_at IS NOT NULL AND ${chainIsFree}
ORDER BY due_at LIMIT 1`

/** The firing messages of an episode to one recipient: those that arrived first, and with what was answered before those without. */
export const selectOpens = `
SELECT status, maybe_sent, reference, reason FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND episode = :episode
  AND message_status = 'firing' AND revision < :revision
ORDER BY status = 'delivered' DESC, reference IS NULL, maybe_sent DESC, revision DESC LIMIT 1`

/** A resolve of this or a later episode that has arrived: what opened before it is over. */
export const selectLaterResolve = `
SELECT episode FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey
  AND (episode, revision) > (:episode, :revision)
  AND message_status = 'resolved' AND status = 'delivered' LIMIT 1`

/** A page of a later episode that has arrived, or may have: at the receiver both are one, since they share their key. */
export const selectLaterOpen = `
SELECT 1 FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND episode > :episode
  AND message_status = 'firing' AND (status = 'delivered' OR maybe_sent = 1) LIMIT 1`

/** An attempt begins at each of these rows, given as a list of their numbers in JSON. */
export const markInFlight = `
UPDATE outbox SET status = 'inflight', attempts = attempts + 1 WHERE sequence IN (SELECT value FROM json_each(:sequences))`

export const insertAttempts = `
INSERT INTO attempt (sequence, attempt, started_at)
SELECT sequence, attempts, :at FROM outbox WHERE sequence IN (SELECT value FROM json_each(:sequences))`

/** Pages that could be claimed, the one that is due longest first. */
export const selectUnclaimedPages = `
SELECT sequence, id, receiver, recipient, alert_key, episode, revision, change, wakes, attempts, maybe_sent, created_at, ${words('candidate')}
FROM outbox AS candidate
WHERE receiver = :receiver AND lane = 0 AND wakes = 1 AND message_status = 'firing' AND status = 'queued' AND due_at <= :now
  AND ${chainIsFree}
ORDER BY due_at, sequence`

/** Pages in flight: all of them lost when the process that claimed them has died. */
export const selectLostPages = `
SELECT sequence, id, receiver, recipient, alert_key, episode, revision, change, wakes, attempts, maybe_sent, created_at, ${words('outbox')}
FROM outbox
WHERE receiver = :receiver AND lane = 0 AND wakes = 1 AND message_status = 'firing' AND status = 'inflight'
  AND due_at <> ${neverDueAgain}
ORDER BY sequence`
