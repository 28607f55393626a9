/**
 * Incidents with their events and burn rates, silences and annotations; messages get revisions and may travel in a digest. What
 * an earlier version stored stays: its messages count as the first and the last revision of their episode.
 */
export const incidents = `
CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  service TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  severity TEXT NOT NULL,
  sev TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)), -- whether anything may still change it
  record TEXT NOT NULL -- an Incident as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_newest ON incident (opened_at DESC, id DESC);
CREATE INDEX incident_active ON incident (opened_at) WHERE active = 1;
CREATE INDEX incident_key ON incident (key, opened_at);

CREATE TABLE incident_event (
  incident_id TEXT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  about TEXT,
  reason TEXT NOT NULL,
  PRIMARY KEY (incident_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_burn_rate (
  incident_id TEXT NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  readings TEXT NOT NULL, -- JSON
  PRIMARY KEY (incident_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE silence (
  id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  record TEXT NOT NULL -- a Silence as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  record TEXT NOT NULL -- an Annotation as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_time ON annotation (at);

ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD COLUMN change TEXT NOT NULL DEFAULT 'opened';
ALTER TABLE outbox ADD COLUMN wakes INTEGER NOT NULL DEFAULT 1 CHECK (wakes IN (0, 1));
ALTER TABLE outbox ADD COLUMN carried_by TEXT; -- the digest that it travels in
UPDATE outbox SET revision = 2, change = 'resolved', wakes = 0 WHERE message_status = 'resolved';
DROP INDEX outbox_chain;
CREATE INDEX outbox_chain ON outbox (receiver, recipient, alert_key, episode, revision);
CREATE INDEX outbox_key ON outbox (alert_key, episode);
CREATE INDEX outbox_carried ON outbox (carried_by) WHERE carried_by IS NOT NULL;
`
