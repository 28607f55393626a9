export const selectAlertStates = 'SELECT alert_key, slo, scope, severity, record FROM alert_state ORDER BY alert_key'

export const upsertAlertState = `
INSERT INTO alert_state (alert_key, slo, scope, severity, record)
VALUES (:alertKey, :slo, :scope, :severity, :record)
ON CONFLICT (alert_key) DO UPDATE SET record = excluded.record`

export const deleteAlertState = 'DELETE FROM alert_state WHERE alert_key = :alertKey'

export const selectProgress = 'SELECT scope, evaluated_to FROM progress'

export const upsertProgress = `
INSERT INTO progress (scope, evaluated_to) VALUES (:scope, :evaluatedTo)
ON CONFLICT (scope) DO UPDATE SET evaluated_to = excluded.evaluated_to`

export const upsertEpisode = `
INSERT INTO episode (alert_key, fired_at, slo, scope, severity, service, resolved_at, rule)
VALUES (:alertKey, :firedAt, :slo, :scope, :severity, :service, :resolvedAt, :rule)
ON CONFLICT (alert_key, fired_at) DO UPDATE SET service = excluded.service, resolved_at = excluded.resolved_at, rule = excluded.rule`

export const selectEpisodes = `
SELECT alert_key, slo, scope, severity, service, fired_at, resolved_at, rule FROM episode
WHERE (:activeOnly = 0 OR resolved_at IS NULL) AND (:slo IS NULL OR slo = :slo)
ORDER BY fired_at DESC, alert_key LIMIT :limit`
