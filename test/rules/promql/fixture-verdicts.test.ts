import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { streamingCounters } from '../../../src/rules/promql/streaming-counters.ts'

const folder = join(import.meta.dirname, '../../../../shared/fixtures')
const skip = existsSync(folder) ? false : `${folder} is absent`

/** The expressions of the fixtures that are no sum of counters, and what becomes of them. */
const others: readonly (readonly [RegExp, RegExp])[] = [
  [/^sum_over_time\(/, /^query sum_over_time/],
  [/^1 - \(\s*sum\(sum_over_time/, /^query sum_over_time/],
  [/histogram_share/, /^failed unknown-function/],
  [/^vector\(1\)\[/, /^query a range is used/],
]

test('counts what Sloth files ask for, save what is no sum of counters', { skip }, () => {
  const queries = expressionsIn('sloth/*.y*ml', /^(?:error|total|errorRatio|error_ratio)_?[qQ]uery$|^query$/)
  assert.ok(queries.length > 40, `only ${queries.length} expressions were found`)
  for (const { file, text } of queries) {
    const expected = others.find(([expression]) => expression.test(text))?.[1] ?? /^counters$/
    assert.match(verdict(text, false), expected, `${file}: ${text}`)
  }
})

test('counts every metric that Pyrra files name', { skip }, () => {
  const metrics = expressionsIn('pyrra/*.y*ml', /^metric$/)
  assert.ok(metrics.length > 40, `only ${metrics.length} metrics were found`)
  for (const { file, text } of metrics) assert.equal(verdict(text, true), 'counters', `${file}: ${text}`)
})

function verdict(text: string, bareSelectors: boolean): string {
  const result = streamingCounters(text, { bareSelectors })
  if (result.kind === 'query') return `query ${result.reason}`
  return result.kind === 'failed' ? `failed ${result.cause}` : 'counters'
}

function expressionsIn(pattern: string, key: RegExp): { file: string; text: string }[] {
  return globSync(join(folder, pattern)).flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) =>
      textsUnder(document.toJS(), key).map((text) => ({ file: basename(file), text })),
    ),
  )
}

/** Every text that stands under such a key, however deep. */
function textsUnder(value: unknown, key: RegExp): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'string' && key.test(name) ? [inner] : textsUnder(inner, key),
  )
}
