import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { counters, gauges, histograms } from '../../src/telemetry/catalogue.ts'
import { promMeter } from '../../src/telemetry/prom-meter.ts'

const root = new URL('../../', import.meta.url)
const catalogue = { count: counters, set: gauges, observe: histograms }

interface Use {
  readonly file: string
  readonly method: 'count' | 'set' | 'observe'
  readonly name: string
  readonly labels: readonly string[]
}

test('knows every metric that is counted anywhere, with exactly its labels', () => {
  const uses = usesInSource()
  assert.ok(uses.length > 10, 'finds the places that count')
  for (const { file, method, name, labels } of uses) {
    const entry = new Map(Object.entries(catalogue[method])).get(name)
    assert.deepEqual([...labels].sort(), [...(entry?.labels ?? ['not in the catalogue'])].sort(), `${name} in ${file}`)
  }
})

test('refuses labels that the catalogue does not have', () => {
  assert.throws(() => promMeter().meter.count('sloburn_scrapes_total', { wrong: 'x' }), /wrong/)
})

test('names counters, gauges and histograms as Prometheus wants them', () => {
  for (const name of Object.keys(counters)) assert.match(name, /^sloburn_[a-z_]+_total$/)
  for (const name of Object.keys(gauges)) assert.doesNotMatch(name, /_(total|count|sum|bucket)$/)
  for (const name of Object.keys(histograms)) assert.match(name, /_seconds$/)
})

/** Calls of a meter as they stand in the source: `meter.count('name', { label, label: value }`. */
function usesInSource(): Use[] {
  const files = globSync('src/**/*.ts', { cwd: root })
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, root), 'utf8')
    const calls = text.matchAll(/\.(count|set|observe)\(\s*'(sloburn_\w+)',\s*\{([^}]*)\}/g)
    return [...calls].map(([, method, name, labels]) => ({
      file,
      method: method === 'count' || method === 'set' ? method : 'observe',
      name,
      labels: labels
        .split(',')
        .map((label) => label.split(':')[0].trim())
        .filter((label) => label !== ''),
    }))
  })
}
