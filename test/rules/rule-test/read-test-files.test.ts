import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ruleFileBytesMax } from '../../../src/core/model/limits.ts'
import { readTestFiles } from '../../../src/rules/rule-test/read-test-files.ts'

test('finds *.test.yaml and *.test.yml in all folders, in the order of their names', async (t) => {
  const folder = aFolder(t, ['b.test.yaml', 'a/deep/x.test.yml', 'a/rules.yaml', 'readme.md', 'c.yaml'])
  const { files, problems } = await readTestFiles([folder])
  assert.deepEqual(
    files.map(({ name }) => name.slice(folder.length + 1)),
    ['a/deep/x.test.yml', 'b.test.yaml'],
  )
  assert.deepEqual(problems, [])
})

test('leaves hidden folders and installed packages alone', async (t) => {
  const folder = aFolder(t, ['.git/a.test.yaml', 'node_modules/p/a.test.yaml', '.a.test.yaml', 'b.test.yaml'])
  const { files } = await readTestFiles([folder])
  assert.deepEqual(
    files.map(({ name }) => name.slice(folder.length + 1)),
    ['b.test.yaml'],
  )
})

test('reads a file given by itself whatever it is called, and each file once', async (t) => {
  const folder = aFolder(t, ['tests.yaml', 'b.test.yaml'])
  const { files } = await readTestFiles([join(folder, 'tests.yaml'), folder, join(folder, 'b.test.yaml')])
  assert.deepEqual(
    files.map(({ name }) => name.slice(folder.length + 1)),
    ['tests.yaml', 'b.test.yaml'],
  )
})

test('says what is not there, what is no text and what is too large', async (t) => {
  const folder = aFolder(t, ['empty/readme.md'])
  const latin = join(folder, 'old.test.yaml')
  writeFileSync(latin, Buffer.from([0x61, 0xe9]))
  const large = join(folder, 'large.test.yaml')
  writeFileSync(large, '#'.repeat(ruleFileBytesMax + 1))
  const { files, problems } = await readTestFiles([join(folder, 'nowhere'), join(folder, 'empty'), folder])
  assert.deepEqual(files, [])
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['FILE_NOT_FOUND', 'TEST_NO_FILES', 'FILE_TOO_LARGE', 'FILE_NOT_UTF8'],
  )
})

function aFolder(t: TestContext, names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-tests-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), 'text')
  }
  return folder
}
