/** Only the attempt that is in flight may speak: a late answer to an older one finds no row. */
export const selectInFlight = `
SELECT id, receiver, recipient, alert_key, episode FROM outbox
WHERE id = :id AND attempts = :attempt AND status = 'inflight'`

export const endAttempt = `
UPDATE attempt SET ended_at = :at, outcome = :outcome, reason = :reason WHERE delivery_id = :id AND attempt = :attempt`

/** maybe_sent is never taken back: what one attempt left open, no later one can close. */
export const requeueDelivery = `
UPDATE outbox SET status = 'queued', due_at = :retryAt, reason = :reason, maybe_sent = max(maybe_sent, :maybeSent)
WHERE id = :id`

export const closeDelivery = `
UPDATE outbox SET status = :status, due_at = NULL, settled_at = :at, reference = :reference, reason = :reason,
  maybe_sent = max(maybe_sent, :maybeSent)
WHERE id = :id`

/** The next message of the chain is due as soon as the one before it is settled. */
export const wakeNextInChain = `
UPDATE outbox SET due_at = :at WHERE sequence = (
  SELECT sequence FROM outbox
  WHERE receiver = :receiver AND recipient = :recipient AND alert_key = :alertKey AND status = 'queued'
  ORDER BY episode, message_status LIMIT 1
) AND due_at IS NULL`

export const endLostAttempts = `
UPDATE attempt SET ended_at = :now, outcome = 'ambiguous', reason = :reason
WHERE ended_at IS NULL AND delivery_id IN (SELECT id FROM outbox WHERE status = 'inflight')`

export const requeueInFlight = `
UPDATE outbox SET status = 'queued', due_at = :now, maybe_sent = 1, reason = :reason WHERE status = 'inflight'`
