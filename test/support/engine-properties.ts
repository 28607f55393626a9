import * as fc from 'fast-check'

/** Another seed tries other cases: `SLOBURN_SEED=7 node --test …`; a failure prints the seed it was found with. */
const seed = Number(process.env['SLOBURN_SEED'] ?? 20_261_121)

/** Checks a property on generated cases, the same ones in every run. */
export function holdsForAll<T extends unknown[]>(property: fc.IProperty<T>, runs = 200): void {
  fc.assert(property, { seed, numRuns: runs })
}

/** The same for properties that wait for something. */
export async function holdsForAllAsync<T extends unknown[]>(property: fc.IAsyncProperty<T>, runs = 50): Promise<void> {
  await fc.assert(property, { seed, numRuns: runs })
}
