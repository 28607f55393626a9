import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import type { Constructs } from '../../../src/rules/import/constructs.ts'
import { opensloAlphaConstructs } from '../../../src/rules/import/openslo/openslo-constructs.ts'
import { pyrraConstructs } from '../../../src/rules/import/pyrra/pyrra-constructs.ts'
import { slothFileConstructs, slothObjectConstructs } from '../../../src/rules/import/sloth/sloth-constructs.ts'
import { ownFiles } from './fixture-files.ts'
import { migrationPage, opensloTables } from './migration-page.ts'

test('docs/migration.md is made from the tables that files are checked with', (t) => {
  t.assert.fileSnapshot(migrationPage(), 'docs/migration.md', { serializers: [String] })
})

const formats: readonly (readonly [version: string, kind: string | undefined, constructs: Constructs])[] = [
  ['prometheus/v1', undefined, slothFileConstructs],
  ['sloth.slok.dev/v1', 'PrometheusServiceLevel', slothObjectConstructs],
  ['pyrra.dev/v1alpha1', 'ServiceLevelObjective', pyrraConstructs],
  ...Object.entries(opensloTables).map(([kind, constructs]) => ['openslo/v1', kind, constructs] as const),
  ...Object.entries(opensloAlphaConstructs).map(([kind, constructs]) => ['openslo/v1alpha', kind, constructs] as const),
]

for (const [version, kind, constructs] of formats) {
  test(`every key of ${kind ?? 'a file'} in ${version} stands in a file whose conversion is on record`, () => {
    const documents = ownFiles().flatMap(({ text }) =>
      parseAllDocuments(text).flatMap((document) => listed(document.toJS())),
    )
    const own = documents.filter(
      (document) => versionOf(document) === version && (kind === undefined || kindOf(document) === kind),
    )
    const seen = new Set(own.flatMap((document) => pathsIn(document)))
    assert.deepEqual(
      Object.keys(constructs).filter((path) => !seen.has(path)),
      [],
    )
  })
}

function listed(value: unknown): unknown[] {
  const items = kindOf(value) === 'List' ? field(value, 'items') : value
  return Array.isArray(items) ? items : [value]
}

function versionOf(value: unknown): unknown {
  return field(value, 'apiVersion') ?? field(value, 'version')
}

function kindOf(value: unknown): unknown {
  return field(value, 'kind')
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
}

/** The paths of all keys, as the tables write them. */
function pathsIn(value: unknown, above = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => [`${above}[]`, ...pathsIn(item, `${above}[]`)])
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = above === '' ? key : `${above}.${key}`
    return [path, ...pathsIn(inner, path)]
  })
}
