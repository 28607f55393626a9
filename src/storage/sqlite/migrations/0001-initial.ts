/** Alert states, progress, episodes, the outbox with its attempts, and checkpoint parts. */
export const initial = `
CREATE TABLE alert_state (
  alert_key TEXT PRIMARY KEY,
  slo TEXT NOT NULL,
  scope TEXT NOT NULL,
  severity TEXT NOT NULL,
  record TEXT NOT NULL -- the rest of an open AlertRecord as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
  scope TEXT PRIMARY KEY,
  evaluated_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE episode (
  alert_key TEXT NOT NULL,
  fired_at INTEGER NOT NULL,
  slo TEXT NOT NULL,
  scope TEXT NOT NULL,
  severity TEXT NOT NULL,
  service TEXT NOT NULL,
  resolved_at INTEGER,
  rule TEXT NOT NULL, -- a FiredRule as JSON
  PRIMARY KEY (alert_key, fired_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_newest ON episode (fired_at DESC);
CREATE INDEX episode_active ON episode (alert_key) WHERE resolved_at IS NULL;

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  receiver TEXT NOT NULL,
  recipient TEXT NOT NULL,
  alert_key TEXT NOT NULL,
  episode INTEGER NOT NULL,
  message_status TEXT NOT NULL CHECK (message_status IN ('firing', 'resolved')),
  lane INTEGER NOT NULL CHECK (lane IN (0, 1)), -- 0 for pages, 1 for tickets
  notification TEXT NOT NULL, -- JSON
  status TEXT NOT NULL CHECK (status IN ('queued', 'inflight', 'delivered', 'dead', 'superseded')),
  attempts INTEGER NOT NULL DEFAULT 0,
  maybe_sent INTEGER NOT NULL DEFAULT 0 CHECK (maybe_sent IN (0, 1)),
  due_at INTEGER, -- NULL: waits for the message before it in its chain
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  reference TEXT, -- what the receiver answered
  reason TEXT
) STRICT;
-- A chain is everything one recipient is told of one alert: it goes out in this order, one message at a time.
CREATE INDEX outbox_chain ON outbox (receiver, recipient, alert_key, episode, message_status);
CREATE INDEX outbox_due ON outbox (receiver, lane, due_at) WHERE status = 'queued' AND due_at IS NOT NULL;
CREATE INDEX outbox_unsettled ON outbox (receiver) WHERE status IN ('queued', 'inflight');
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE attempt (
  delivery_id TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  reason TEXT,
  PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  name TEXT PRIMARY KEY,
  part BLOB NOT NULL
) STRICT;
`
