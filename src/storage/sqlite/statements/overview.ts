export const selectDeliveries = `
SELECT id, receiver, recipient, alert_key, episode, message_status, status, attempts, created_at, settled_at, reason
FROM outbox WHERE :status IS NULL OR status = :status
ORDER BY sequence DESC LIMIT :limit`

export const selectDepths = `
SELECT receiver, count(*) AS unsettled FROM outbox WHERE status IN ('queued', 'inflight') GROUP BY receiver ORDER BY receiver`

/**
 * An open that may have arrived is kept until its episode is over and nothing of it is under way, however old it is: the resolve
 * goes out only because the open is found.
 */
export const pruneDeliveries = `
DELETE FROM outbox WHERE settled_at < :settledBefore AND NOT (
  message_status = 'firing' AND (status = 'delivered' OR maybe_sent = 1) AND (
    EXISTS (SELECT 1 FROM episode
      WHERE episode.alert_key = outbox.alert_key AND episode.fired_at = outbox.episode AND episode.resolved_at IS NULL)
    OR EXISTS (SELECT 1 FROM outbox AS later
      WHERE later.receiver = outbox.receiver AND later.recipient = outbox.recipient AND later.alert_key = outbox.alert_key
        AND later.episode = outbox.episode AND later.status IN ('queued', 'inflight'))))`
