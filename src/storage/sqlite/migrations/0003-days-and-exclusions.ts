/** Good and bad events by day, and exclusions with all that was done to them. */
export const daysAndExclusions = `
CREATE TABLE day_counts (
  slo TEXT NOT NULL,
  region TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL, -- up to when it is counted
  bad REAL NOT NULL,
  total REAL NOT NULL,
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY (slo, region, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX day_counts_ended ON day_counts (to_at);

CREATE TABLE exclusion (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  exclusion TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL,
  removed_at INTEGER -- NULL while it is in force
) STRICT;

-- Only ever added to.
CREATE TABLE exclusion_audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  exclusion_id TEXT NOT NULL REFERENCES exclusion (id),
  action TEXT NOT NULL CHECK (action IN ('created', 'removed')),
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX exclusion_audit_of ON exclusion_audit (exclusion_id, action);
`
