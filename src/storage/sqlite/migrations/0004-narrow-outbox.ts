/**
 * What changes with every attempt stands close together. Messages with their words took a third of a page each, and those that were
 * claimed or settled together a page each of the attempts, which stood by the digest of their message: in a burst every commit wrote
 * all of them again.
 */
export const narrowOutbox = `
CREATE TABLE message (
  sequence INTEGER PRIMARY KEY REFERENCES outbox (sequence) ON DELETE CASCADE,
  notification TEXT NOT NULL -- JSON
) STRICT;
INSERT INTO message (sequence, notification) SELECT sequence, notification FROM outbox;
ALTER TABLE outbox DROP COLUMN notification;

CREATE TABLE attempt_of_message (
  sequence INTEGER NOT NULL REFERENCES outbox (sequence) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  reason TEXT,
  PRIMARY KEY (sequence, attempt)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt_of_message (sequence, attempt, started_at, ended_at, outcome, reason)
SELECT outbox.sequence, attempt.attempt, attempt.started_at, attempt.ended_at, attempt.outcome, attempt.reason
FROM attempt JOIN outbox ON outbox.id = attempt.delivery_id;
DROP TABLE attempt;
ALTER TABLE attempt_of_message RENAME TO attempt;
`
