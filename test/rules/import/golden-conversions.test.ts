import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../../src/core/model/problem.ts'
import { convertFiles } from '../../../src/rules/import/convert-files.ts'
import { ownFiles } from './fixture-files.ts'

test('documents of every kind become the files on record, with the same remarks', async (t) => {
  const files = ownFiles()
  assert.ok(files.length >= 7)
  for (const file of files) {
    const { files: converted, problems } = await convertFiles([file])
    const name = `test/golden/import/${file.name.replace(/\.in\.yaml$/, '')}`
    t.assert.fileSnapshot(converted[0].text, `${name}.out.yaml`, { serializers: [String] })
    const remarks = problems.map((problem) => `${formatProblem(problem)}\n`).join('')
    t.assert.fileSnapshot(remarks, `${name}.problems.txt`, { serializers: [String] })
  }
})
