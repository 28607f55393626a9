import type { Exclusion } from '../../src/core/model/exclusion.ts'

const hourMs = 3_600_000

/** Everything, for everybody, from the tenth hour to the twelfth: muted and left out of the budget. */
export function anExclusion(overrides: Partial<Exclusion> = {}): Exclusion {
  return {
    id: 'a',
    matches: { slos: [], services: [], regions: [] },
    schedule: { kind: 'once', from: 10 * hourMs, to: 12 * hourMs },
    mute: true,
    excludeFromBudget: true,
    author: 'ada',
    reason: 'upgrade',
    at: null,
    ...overrides,
  }
}
