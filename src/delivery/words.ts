/**
 * A notification in words, plain text, for every receiver the same and in one order: what fails and how much, since when,
 * where, how fast the budget goes and when it is gone, what changed, example traces, which rule held, links.
 */
export interface Wording {
  /** State, SLO and scope. */
  readonly title: string
  /** All of it in one line, for a push notification. */
  readonly preview: string
  /** What fails and how much, and what is allowed. */
  readonly verdict: { readonly failing: string; readonly allowed: string }
  /** The SLO's own description; may be empty. */
  readonly description: string
  readonly facts: readonly Fact[]
  readonly links: readonly Link[]
  /** Identity, for the foot of a message. */
  readonly footer: string
}

/** One line of what is known. */
export interface Fact {
  readonly name: string
  readonly text: string
}

/** Where to go on; only web addresses. */
export interface Link {
  readonly name: 'Runbook' | 'Dashboard' | 'Trace' | 'Change' | 'Incident'
  readonly url: string
}
