import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from './repository-files.ts'

const folder = join(repositoryRoot, '../shared/fixtures/prometheus')

/** Why tests over the pages of Prometheus' own tests are skipped, which are not part of the checkout; false when they are there. */
export const withoutFixturePages = existsSync(folder) ? false : 'optional: ../shared/fixtures/prometheus is absent'

/** One page of metrics. */
export interface FixturePage {
  readonly name: string
  readonly bytes: Buffer
  readonly format: 'text' | 'openmetrics'
  readonly contentType: string
}

/** All pages, as whoever exposes them would. */
export function fixturePages(): readonly FixturePage[] {
  if (withoutFixturePages !== false) return []
  return readdirSync(folder)
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(folder, name))
      return name.endsWith('.om.txt')
        ? {
            name,
            bytes,
            format: 'openmetrics',
            contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
          }
        : { name, bytes, format: 'text', contentType: 'text/plain; version=0.0.4; charset=utf-8' }
    })
}
