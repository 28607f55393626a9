import { neverDueAgain } from './chain.ts'

/** Only the attempt that is in flight may speak: a late answer to an older one finds no row. */
export const selectInFlight = `
SELECT sequence, id, receiver, recipient, alert_key, episode, revision, change, wakes, lane, message_status, due_at, reason FROM outbox
WHERE id = :id AND attempts = :attempt AND status = 'inflight'`

export const endAttempt = `
UPDATE attempt SET ended_at = :at, outcome = :outcome, reason = :reason WHERE sequence = :sequence AND attempt = :attempt`

/** maybe_sent is never taken back: what one attempt left open, no later one can close. */
export const requeueDelivery = `
UPDATE outbox SET status = 'queued', due_at = :retryAt, reason = :reason, maybe_sent = max(maybe_sent, :maybeSent)
WHERE sequence = :sequence`

export const closeDelivery = `
UPDATE outbox SET status = :status, due_at = NULL, settled_at = :at, reference = :reference, reason = :reason,
  maybe_sent = max(maybe_sent, :maybeSent)
WHERE sequence = :sequence`

/** The attempt in flight was the last one. */
export const closeInFlight = `
UPDATE outbox SET status = :status, due_at = NULL, settled_at = :at, reference = :reference, reason = :reason,
  maybe_sent = max(maybe_sent, :maybeSent)
WHERE id = :id AND attempts = :attempt AND status = 'inflight'
RETURNING sequence, id, receiver, recipient, alert_key, episode`

/** Many that arrived, each at the attempt that is in flight, given as a list of their numbers in JSON. */
export const closeDelivered = `
UPDATE outbox SET status = 'delivered', due_at = NULL, settled_at = :at, reference = NULL, reason = NULL
WHERE sequence IN (SELECT value FROM json_each(:sequences)) AND attempts = :attempt AND status = 'inflight'
RETURNING sequence`

export const endDelivered = `
UPDATE attempt SET ended_at = :at, outcome = 'delivered', reason = NULL
WHERE attempt = :attempt AND sequence IN (SELECT value FROM json_each(:sequences))`

/** What comes next in the chains of these, given as a list of their numbers in JSON, is due as soon as they are settled. */
export const wakeNextInChains = `
UPDATE outbox SET due_at = :at WHERE due_at IS NULL AND carried_by IS NULL AND sequence IN (
  SELECT (SELECT next.sequence FROM outbox AS next
    WHERE next.receiver = done.receiver AND next.recipient = done.recipient AND next.alert_key = done.alert_key
      AND next.status = 'queued' ORDER BY next.episode, next.revision LIMIT 1)
  FROM outbox AS done WHERE done.sequence IN (SELECT value FROM json_each(:sequences)))`

/** The newest firing message that waits behind the one given and says what it says, and more. */
export const selectSuccessor = `
SELECT id FROM outbox
WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND episode = :episode AND revision > :revision
  AND status = 'queued' AND message_status = 'firing' AND carried_by IS NULL
ORDER BY revision DESC LIMIT 1`

/** It is as urgent as what it takes the place of, and wakes whom that would have woken. */
export const inherit = `
UPDATE outbox SET due_at = :dueAt, lane = min(lane, :lane), maybe_sent = max(maybe_sent, :maybeSent),
  change = CASE WHEN (wakes = 0 OR change IN ('repeated', 'handed-on')) AND :wakes = 1 THEN :change ELSE change END,
  wakes = max(wakes, :wakes)
WHERE id = :id`

/** What became of a digest became of what it carried; whoever answered with a reference knows by it that it is a message of many. */
export const closeCarried = `
UPDATE outbox SET status = :status, settled_at = :at, reference = :reference, reason = :reason,
  maybe_sent = max(maybe_sent, :maybeSent)
WHERE carried_by = :id AND status = 'queued'`

export const selectCarried = `
SELECT sequence, id, receiver, recipient, alert_key, episode FROM outbox WHERE carried_by = :id`

export const endLostAttempts = `
UPDATE attempt SET ended_at = :now, outcome = 'ambiguous', reason = :reason
WHERE ended_at IS NULL AND sequence IN (SELECT sequence FROM outbox WHERE status = 'inflight')`

export const selectWithdrawnInFlight = `
SELECT sequence, id, receiver, recipient, alert_key, episode, reason FROM outbox WHERE status = 'inflight' AND due_at = ${neverDueAgain}`

export const requeueInFlight = `
UPDATE outbox SET status = 'queued', due_at = :now, maybe_sent = 1, reason = :reason WHERE status = 'inflight'`

/** What was withdrawn may have arrived: its end is told then. */
export const markMaybeSent = 'UPDATE outbox SET maybe_sent = 1 WHERE sequence = :sequence'

/** A message at which an attempt was made without a claim. */
export const selectUnclaimed = `
SELECT sequence, status, attempts, created_at FROM outbox WHERE id = :id AND status IN ('queued', 'inflight', 'superseded')`
