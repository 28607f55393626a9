/** When a row in flight was due, if it is not to be due once more. */
export const neverDueAgain = -1

/** Whether the row `earlier` comes before the message with the episode and revision given. */
export function before(episode: string, revision: string): string {
  return `(earlier.episode, earlier.revision) < (${episode}, ${revision})`
}

/** The chain of the row `candidate` is free for it: nothing of it is in flight and nothing before it is unsettled. */
export const chainIsFree = `NOT EXISTS (
  SELECT 1 FROM outbox AS earlier
  WHERE earlier.receiver = candidate.receiver AND earlier.recipient = candidate.recipient
    AND earlier.alert_key = candidate.alert_key
    AND (earlier.status = 'inflight'
      OR (earlier.status = 'queued' AND ${before('candidate.episode', 'candidate.revision')})))`
