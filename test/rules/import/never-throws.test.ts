import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import { convertFiles } from '../../../src/rules/import/convert-files.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import { ownFiles } from './fixture-files.ts'

const files = ownFiles()

test('any value in any place of a file of another tool gives SLOs or an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places()), anyValue(), async ({ root, path }, value) => {
      const text = JSON.stringify(withValue(root, path, value))
      const { problems } = await parseRules([{ name: 'a.json', text }])
      for (const { at, message } of problems) {
        assert.ok(at.file === 'a.json' && at.line >= 1 && at.column >= 1, message)
        assert.doesNotMatch(message, /undefined|NaN|\[object/)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('any damage to a file of another tool can be converted, and what comes of it can be read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.nat(),
      fc.nat(30),
      fc.string(),
      async ({ text }, at, length, piece) => {
        const start = at % text.length
        const damaged = text.slice(0, start) + piece + text.slice(start + length)
        const { files: converted, problems } = await convertFiles([{ name: 'a.yaml', text: damaged }])
        const after = await parseRules([{ name: 'b.yaml', text: converted[0].text }])
        const hasError = problems.some(({ severity }) => severity === 'error')
        const isBroken = after.problems.some(({ severity }) => severity === 'error')
        assert.ok(hasError || !isBroken, 'what was accepted is refused once converted')
      },
    ),
    { numRuns: 500 },
  )
})

interface Spot {
  readonly root: unknown
  readonly path: readonly (string | number)[]
}

/** Every value in every document of ours. */
function places(): Spot[] {
  return files.flatMap(({ text }) =>
    parseAllDocuments(text).flatMap((document) => {
      const root: unknown = document.toJS()
      return pathsIn(root).map((path) => ({ root, path }))
    }),
  )
}

function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return []
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value)
  return keys.flatMap((key) => [[key], ...pathsIn(child(value, key)).map((path) => [key, ...path])])
}

function child(value: object, key: string | number): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

function withValue(root: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (typeof root !== 'object' || root === null || key === undefined) return value
  const changed = withValue(child(root, key), rest, value)
  return Array.isArray(root) ? root.with(Number(key), changed) : { ...root, [key]: changed }
}

function anyValue(): fc.Arbitrary<unknown> {
  const telling = [
    '',
    '0',
    '100',
    '1m',
    '{{.window}}',
    'sum(rate(a[{{.window}}]))',
    'a / b',
    'true',
    '1e999',
    '__proto__',
  ]
  return fc.oneof(
    fc.constantFrom<unknown>(null, true, 0, -1, 1e9, [], {}, [null], { __proto__: null }, ...telling),
    fc.string({ unit: 'grapheme' }),
    fc.jsonValue({ maxDepth: 3 }),
  )
}
