export const insertExclusion = `
INSERT INTO exclusion (id, exclusion, created_at) VALUES (:id, :exclusion, :createdAt)`

export const insertAudit = `
INSERT INTO exclusion_audit (exclusion_id, action, at, author, reason) VALUES (:id, :action, :at, :author, :reason)`

export const removeExclusion = `
UPDATE exclusion SET removed_at = :at WHERE id = :id AND removed_at IS NULL`

export const selectExclusions = `
SELECT exclusion.exclusion, exclusion.created_at, exclusion.removed_at, removal.author, removal.reason FROM exclusion
LEFT JOIN exclusion_audit AS removal ON removal.exclusion_id = exclusion.id AND removal.action = 'removed'
WHERE :withRemoved = 1 OR exclusion.removed_at IS NULL
ORDER BY exclusion.sequence`

export const selectAudit = `
SELECT exclusion_id, action, at, author, reason FROM exclusion_audit ORDER BY sequence DESC LIMIT :limit`
