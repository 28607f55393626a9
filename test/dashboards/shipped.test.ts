import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedDashboards } from '../../scripts/shipped-dashboards.ts'
import { readRepositoryFile, repositoryFiles } from '../support/repository-files.ts'

test('dashboards/ holds what is made of the shipped rules, and nothing else', async () => {
  const made = await shippedDashboards()
  for (const [path, text] of made)
    assert.equal(readRepositoryFile(path), text, `${path} is out of date: npm run dashboards`)
  const there = [...repositoryFiles('dashboards/**/*'), ...repositoryFiles('dashboards/**/.*')].map(({ path }) => path)
  assert.deepEqual(there.toSorted(), [...made.keys()].toSorted())
})
