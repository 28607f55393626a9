import type { Address } from '../model/alert.ts'

/** Sends alerts whose labels all match to receivers. */
export interface Route {
  /** Label values that an alert must have, exactly; empty matches every alert. */
  readonly match: Readonly<Record<string, string>>
  readonly receivers: readonly string[]
}

/** Everybody whom some matching route names, each once, in the order of the routes. */
export function receiversFor(labels: ReadonlyMap<string, string>, routes: readonly Route[]): readonly string[] {
  const matching = routes.filter(({ match }) =>
    Object.entries(match).every(([name, value]) => labels.get(name) === value),
  )
  return [...new Set(matching.flatMap(({ receivers }) => receivers))]
}

/** Each receiver with each of its recipients. */
export function addressesOf(
  receivers: readonly string[],
  recipientsOf: (receiver: string) => readonly string[],
): readonly Address[] {
  return receivers.flatMap((receiver) => recipientsOf(receiver).map((recipient) => ({ receiver, recipient })))
}
