export const selectDeliveries = `
SELECT id, receiver, recipient, alert_key, episode, revision, change, carried_by, message_status, status, attempts, created_at,
  settled_at, reason
FROM outbox WHERE :status IS NULL OR status = :status
ORDER BY sequence DESC LIMIT :limit`

export const selectDepths = `
SELECT receiver, count(*) AS unsettled FROM outbox WHERE status IN ('queued', 'inflight') GROUP BY receiver ORDER BY receiver`

/**
 * A firing message is kept until its incident is over, and one that may have arrived until nothing of it is under way, however old it
 * is: the resolve goes out only because it is found, and says what was said where its SLO is gone. Heartbeats are kept for a day: they come by the minute.
 */
export const pruneDeliveries = `
DELETE FROM outbox WHERE (
    settled_at < :settledBefore OR (settled_at < :heartbeatsBefore AND alert_key LIKE 'heartbeat/%')
  ) AND NOT (
  message_status = 'firing' AND (
    EXISTS (SELECT 1 FROM incident
      WHERE incident.key = outbox.alert_key AND incident.opened_at = outbox.episode AND incident.closed_at IS NULL)
    OR (status = 'delivered' OR maybe_sent = 1) AND EXISTS (SELECT 1 FROM outbox AS later
      WHERE later.receiver = outbox.receiver AND later.recipient = outbox.recipient AND later.alert_key = outbox.alert_key
        AND later.episode = outbox.episode AND later.status IN ('queued', 'inflight')
        AND outbox.alert_key NOT LIKE 'heartbeat/%')))`

/** How far the messages of an incident have come that wake somebody: what may have arrived has not. */
export const selectPageProgress = `
SELECT
  coalesce(max(arrived), 0) AS delivered,
  coalesce(max(NOT arrived AND moving), 0) AS moving,
  min(CASE WHEN NOT arrived THEN waiting_since END) AS waiting_since
FROM (
  SELECT
    max(status = 'delivered') AS arrived,
    max(status IN ('queued', 'inflight')) AS moving,
    min(CASE WHEN status IN ('queued', 'inflight', 'dead') THEN created_at END) AS waiting_since
  FROM outbox WHERE alert_key = :key AND episode = :episode AND message_status = 'firing' AND wakes = 1 AND lane = 0
    AND created_at >= :since
  GROUP BY receiver)`
