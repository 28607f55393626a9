import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../../src/core/model/problem.ts'
import { parseSeriesValues } from '../../../src/rules/rule-test/parse-series-values.ts'
import { readRepositoryFile } from '../../support/repository-files.ts'
import { codesOf, runText } from './told-story.ts'

const guide = readRepositoryFile('docs/testing-rules.md')
const example = 'rules/examples/checkout-availability.test.yaml'

test('the test that docs/testing-rules.md begins with passes as it stands there', async () => {
  const [, text] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? []
  assert.ok(text !== undefined)
  const result = await runText(text, example)
  assert.deepEqual([result.tests.length, codesOf(result)], [1, []])
})

test('the failure that docs/testing-rules.md shows is what is printed', async () => {
  const changed = readRepositoryFile(example).replace('at: 1h5m30s', 'at: 1h6m')
  const { tests } = await runText(changed, example)
  const printed = tests
    .flatMap(({ failures }) => failures)
    .map(({ problem, details }) => [formatProblem(problem), ...details.map((line) => `    ${line}`)].join('\n'))
  assert.ok(guide.includes(`\`\`\`\n${printed.join('\n')}\n\`\`\`\n`), printed.join('\n'))
})

test('the values that docs/testing-rules.md explains are read as it says', () => {
  const rows = [...guide.matchAll(/^\| `([^`]+)` \| ((?:-?\d+(?:, )?)+)(?::[^|]*)? \|$/gm)]
  assert.ok(rows.length >= 4, 'the table was not found')
  for (const [, written = '', values = ''] of rows) {
    assert.deepEqual(parseSeriesValues(written), { kind: 'parsed', values: values.split(', ').map(Number) })
  }
  const counted = ['0x60', '100+100x29', '3000x89'].map((item) => {
    const result = parseSeriesValues(item)
    return result.kind === 'parsed' ? result.values.length : 0
  })
  assert.deepEqual(counted, [61, 30, 90])
})
