export const upsertPart = `
INSERT INTO checkpoint (name, part) VALUES (:name, :part) ON CONFLICT (name) DO UPDATE SET part = excluded.part`

export const deletePart = 'DELETE FROM checkpoint WHERE name = :name'

/** In the order in which they were stored first. */
export const selectNames = 'SELECT name FROM checkpoint ORDER BY rowid'

/** `:names` is a list in JSON, as of the statements below. */
export const selectParts = 'SELECT name, part FROM checkpoint WHERE name IN (SELECT value FROM json_each(:names))'

/** How much there is to read is known without reading it. */
export const measureParts =
  'SELECT sum(length(part)) AS bytes FROM checkpoint WHERE name IN (SELECT value FROM json_each(:names))'
