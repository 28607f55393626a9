export const upsertIncident = `
INSERT INTO incident (id, key, service, opened_at, closed_at, severity, sev, active)
VALUES (:id, :key, :service, :openedAt, :closedAt, :severity, :sev, 1)
ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at, severity = excluded.severity, sev = excluded.sev`

export const upsertRecord = `
INSERT INTO incident_record (incident_id, record) VALUES (:id, :record)
ON CONFLICT (incident_id) DO UPDATE SET record = excluded.record`

export const releaseIncident = 'UPDATE incident SET active = 0 WHERE id = :id'

export const selectActiveIncidents = `
SELECT record FROM incident CROSS JOIN incident_record ON incident_id = id WHERE active = 1 ORDER BY opened_at, id`

export const selectIncidents = `
SELECT record FROM incident CROSS JOIN incident_record ON incident_id = id
WHERE (:state IS NULL OR (:state = 'open') = (closed_at IS NULL))
  AND (:service IS NULL OR service = :service)
  AND (:severity IS NULL OR severity = :severity)
  AND (:sev IS NULL OR sev = :sev)
  AND (:afterOpenedAt IS NULL OR (opened_at, id) < (:afterOpenedAt, :afterId))
  AND (:slo IS NULL OR EXISTS (
    SELECT 1 FROM json_each(record, '$.alerts') AS alert WHERE json_extract(alert.value, '$.id.slo') = :slo))
ORDER BY opened_at DESC, id DESC LIMIT :limit`

export const selectIncident = 'SELECT record FROM incident_record WHERE incident_id = :id'

/** Whether the message is kept in which an incident said what it said last. */
export const selectSaid = `
SELECT 1 FROM outbox JOIN message ON message.sequence = outbox.sequence
WHERE alert_key = :key AND episode = :openedAt AND revision = :revision LIMIT 1`

/** What an incident said last. */
export const selectWords = `
SELECT notification FROM outbox JOIN message ON message.sequence = outbox.sequence
WHERE alert_key = :key AND episode = :openedAt ORDER BY revision DESC LIMIT 1`

export const insertEvent = `
INSERT INTO incident_event (incident_id, sequence, at, kind, about, reason)
VALUES (:incidentId, :sequence, :at, :kind, :about, :reason)
ON CONFLICT (incident_id, sequence) DO NOTHING`

export const selectEvents = `
SELECT incident_id, sequence, at, kind, about, reason FROM incident_event WHERE incident_id = :id ORDER BY sequence`

export const insertBurnRates = `
INSERT INTO incident_burn_rate (incident_id, at, readings) VALUES (:incidentId, :at, :readings)
ON CONFLICT (incident_id, at) DO UPDATE SET readings = excluded.readings`

export const selectBurnRates = `
SELECT incident_id, at, readings FROM incident_burn_rate WHERE incident_id = :id ORDER BY at`

export const selectDeliveriesOf = `
SELECT id, receiver, recipient, alert_key, episode, revision, change, carried_by, message_status, status, attempts, created_at,
  settled_at, reason
FROM outbox WHERE alert_key = :key AND episode = :episode ORDER BY sequence`

export const selectAttemptsOf = `
SELECT sent.id AS delivery_id, attempt, started_at, ended_at, outcome, attempt.reason FROM outbox AS sent
JOIN attempt ON attempt.sequence = sent.sequence
WHERE sent.sequence IN (
  SELECT coalesce(carrier.sequence, told.sequence) FROM outbox AS told
  LEFT JOIN outbox AS carrier ON carrier.id = told.carried_by
  WHERE told.alert_key = :key AND told.episode = :episode
  UNION
  SELECT told.sequence FROM outbox AS told WHERE told.alert_key = :key AND told.episode = :episode)
ORDER BY started_at, delivery_id, attempt`

export const pruneIncidents = 'DELETE FROM incident WHERE active = 0 AND closed_at < :closedBefore'

export const upsertSilence = `
INSERT INTO silence (id, created_at, ends_at, record) VALUES (:id, :createdAt, :endsAt, :record)
ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, record = excluded.record`

export const selectSilences = 'SELECT record FROM silence ORDER BY created_at, id'

export const pruneSilences = 'DELETE FROM silence WHERE ends_at < :endedBefore'

export const upsertAnnotation = `
INSERT INTO annotation (id, at, record) VALUES (:id, :at, :record) ON CONFLICT (id) DO UPDATE SET record = excluded.record`

export const selectAnnotations = 'SELECT record FROM annotation ORDER BY at, id'

export const pruneAnnotations = 'DELETE FROM annotation WHERE at < :before'
