import { before } from './chain.ts'

/** The same decision made twice makes one row. A message behind another of its chain is not due until that is settled. */
export const insertDelivery = `
INSERT INTO outbox (id, receiver, recipient, alert_key, episode, message_status, lane, notification, status, due_at, created_at)
SELECT :id, :receiver, :recipient, :alertKey, :episode, :messageStatus, :lane, :notification, 'queued',
  CASE WHEN EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.receiver = :receiver AND earlier.recipient = :recipient AND earlier.alert_key = :alertKey
      AND earlier.status IN ('queued', 'inflight') AND ${before(':episode', ':messageStatus')}
  ) THEN NULL ELSE :at END,
  :at
WHERE true -- keeps ON CONFLICT from being read as a join condition
ON CONFLICT (id) DO NOTHING`

/** A message that is refused at the door is kept as well, with the reason. */
export const insertRefusedDelivery = `
INSERT INTO outbox (id, receiver, recipient, alert_key, episode, message_status, lane, notification, status, created_at, settled_at, reason)
VALUES (:id, :receiver, :recipient, :alertKey, :episode, :messageStatus, :lane, :notification, 'dead', :at, :at, :reason)
ON CONFLICT (id) DO NOTHING`

export const countUnsettled = `SELECT count(*) AS unsettled FROM outbox WHERE receiver = :receiver AND status IN ('queued', 'inflight')`
