import { before, neverDueAgain } from './chain.ts'

/**
 * The same decision made twice makes one row. A message behind another of its chain is not due until that is settled, nor is one
 * that travels in a digest.
 */
export const insertDelivery = `
INSERT INTO outbox (id, receiver, recipient, alert_key, episode, revision, change, wakes, carried_by, message_status, lane,
  status, maybe_sent, due_at, created_at)
SELECT :id, :receiver, :recipient, :alertKey, :episode, :revision, :change, :wakes, :carriedBy, :messageStatus, :lane,
  'queued', :maybeSent,
  CASE WHEN :carriedBy IS NOT NULL OR EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.receiver = :receiver AND earlier.recipient = :recipient AND earlier.alert_key = :alertKey
      AND earlier.status IN ('queued', 'inflight') AND ${before(':episode', ':revision')}
  ) THEN NULL ELSE :dueAt END,
  :at
WHERE true -- keeps ON CONFLICT from being read as a join condition
ON CONFLICT (id) DO NOTHING`

/** A message that is refused at the door is kept as well, with the reason. */
export const insertRefusedDelivery = `
INSERT INTO outbox (id, receiver, recipient, alert_key, episode, revision, change, wakes, message_status, lane,
  status, created_at, settled_at, reason)
VALUES (:id, :receiver, :recipient, :alertKey, :episode, :revision, :change, :wakes, :messageStatus, :lane,
  'dead', :at, :at, :reason)
ON CONFLICT (id) DO NOTHING`

/** What a message says, apart from what becomes of it. */
export const insertMessage = 'INSERT INTO message (sequence, notification) VALUES (:sequence, :notification)'

/** Something of a key is there, settled or not: without it nothing is known, overtaken or waited for. */
export const selectKeyKnown = 'SELECT 1 FROM outbox WHERE alert_key = :key LIMIT 1'

/** The first message of a key, which waits for no other. */
export const insertFirst = `
INSERT INTO outbox (id, receiver, recipient, alert_key, episode, revision, change, wakes, carried_by, message_status, lane,
  status, due_at, created_at)
VALUES (:id, :receiver, :recipient, :alertKey, :episode, :revision, :change, :wakes, :carriedBy, :messageStatus, :lane,
  'queued', CASE WHEN :carriedBy IS NULL THEN :dueAt END, :at)
ON CONFLICT (id) DO NOTHING`

export const selectKnown = 'SELECT 1 FROM outbox WHERE id = :id'

export const countUnsettled = `SELECT count(*) AS unsettled FROM outbox WHERE receiver = :receiver AND status IN ('queued', 'inflight')`

/** Firing messages of an episode to one recipient that wait and are older than the revision given, the newest first. */
export const selectOvertaken = `
SELECT sequence, id, receiver, recipient, alert_key, episode, change, wakes, lane, maybe_sent, due_at, created_at FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND episode = :episode AND revision < :revision
  AND status = 'queued' AND message_status = 'firing' AND carried_by IS NULL
ORDER BY revision DESC`

/** Whether some firing message of an episode has arrived at one recipient; what may have counts for tickets only. */
export const selectArrived = `
SELECT 1 FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND episode = :episode
  AND message_status = 'firing' AND (status = 'delivered' OR (maybe_sent = 1 AND :isPage = 0)) LIMIT 1`

/** What is told of an incident and has not gone out, to anybody; what travels in a digest goes where that goes. */
export const selectWaiting = `
SELECT sequence, id, receiver, recipient, alert_key, episode FROM outbox
WHERE alert_key = :key AND episode = :episode AND status = 'queued' AND message_status = 'firing' AND wakes = 1 AND carried_by IS NULL
  AND (:remindersOnly = 0 OR change IN ('repeated', 'handed-on'))`

/** Those of them that are in flight at this moment: if they do not arrive, they are not due again. */
export const markWithdrawn = `
UPDATE outbox SET due_at = ${neverDueAgain}, reason = :reason
WHERE alert_key = :key AND episode = :episode AND status = 'inflight' AND message_status = 'firing' AND wakes = 1
  AND (:remindersOnly = 0 OR change IN ('repeated', 'handed-on'))`
