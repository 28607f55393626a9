export const upsertPart = `
INSERT INTO checkpoint (name, part) VALUES (:name, :part) ON CONFLICT (name) DO UPDATE SET part = excluded.part`

export const deletePart = 'DELETE FROM checkpoint WHERE name = :name'

export const selectParts = 'SELECT name, part FROM checkpoint'
