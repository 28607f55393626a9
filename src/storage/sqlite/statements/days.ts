export const upsertDay = `
INSERT INTO day_counts (slo, region, from_at, to_at, until_at, bad, total, seen_ms)
VALUES (:slo, :region, :from, :to, :until, :bad, :total, :seenMs)
ON CONFLICT (slo, region, from_at) DO UPDATE SET
  to_at = excluded.to_at, until_at = excluded.until_at, bad = excluded.bad, total = excluded.total, seen_ms = excluded.seen_ms`

export const insertPastDay = `
INSERT INTO day_counts (slo, region, from_at, to_at, until_at, bad, total, seen_ms)
SELECT :slo, :region, :from, :to, :until, :bad, :total, :seenMs
WHERE NOT EXISTS (
  SELECT 1 FROM day_counts WHERE slo = :slo AND region = :region AND from_at < :to AND to_at > :from
)`

export const selectDays = `
SELECT slo, region, from_at, to_at, until_at, bad, total, seen_ms FROM day_counts
WHERE to_at > :from AND from_at < :to
ORDER BY slo, region, from_at LIMIT :limit`

export const selectDaysOfSlo = `
SELECT slo, region, from_at, to_at, until_at, bad, total, seen_ms FROM day_counts
WHERE slo = :slo AND to_at > :from AND from_at < :to
ORDER BY region, from_at LIMIT :limit`

export const pruneDays = 'DELETE FROM day_counts WHERE to_at < :endedBefore'
