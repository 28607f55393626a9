import { standardIncidentPolicy } from '../../src/core/incidents/incident-policy.ts'
import type { Routing } from '../../src/core/paging/routing.ts'

/** Tells nobody: for evaluation alone. */
export const silentRouting: Routing = {
  routes: [],
  recipientsOf: () => [],
  traitsOf: () => ({ takesUpdates: false, takesDigests: false }),
  policy: standardIncidentPolicy,
  digest: (text) => text,
}
