import assert from 'node:assert/strict'
import { dirname, relative } from 'node:path'
import { test } from 'node:test'
import { formatProblem } from '../../src/core/model/problem.ts'
import { readTestFiles } from '../../src/rules/rule-test/read-test-files.ts'
import { runRuleTests } from '../../src/simulation/rule-test/run-rule-tests.ts'
import { repositoryRoot } from '../support/repository-files.ts'

/** The stories told in test/scenarios, and the tests of the examples that people copy. */
const folders = ['test/scenarios', 'rules/examples']
const { files, problems } = await readTestFiles(folders.map((path) => `${repositoryRoot}/${path}`))

test('the scenarios and the tests of the examples were found', () => {
  assert.deepEqual(problems, [])
  const found = new Set(files.map(({ name }) => relative(repositoryRoot, dirname(name)).replaceAll('\\', '/')))
  assert.deepEqual([...found], folders)
})

for await (const result of runRuleTests(files, { isWanted: () => true, now: () => 0 })) {
  const file = relative(repositoryRoot, result.file)
  test(`${file} has no problem`, () => assert.deepEqual(result.problems.map(formatProblem), []))
  for (const { name, problems: wrong, failures } of result.tests) {
    test(`${file}: ${name}`, () => {
      const told = failures.map(({ problem, details }) => [formatProblem(problem), ...details].join('\n'))
      assert.equal([...wrong.map(formatProblem), ...told].join('\n'), '')
    })
  }
}
