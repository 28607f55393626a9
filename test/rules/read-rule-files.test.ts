import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ruleFileBytesMax } from '../../src/core/model/limits.ts'
import { loadRules } from '../../src/rules/load-rules.ts'
import { readRuleFiles } from '../../src/rules/read-rule-files.ts'

test('reads a directory with all that is in it, in name order, without hidden files, rule tests and schemas', async (t) => {
  const directory = await filesIn(t, {
    'b.yml': 'b',
    'a.yaml': 'a',
    'sub/deep/c.json': '{}',
    'a.test.yaml': 't',
    'sloburn.schema.json': '{}',
    'notes.txt': 'n',
    '.hidden.yaml': 'h',
    '..data/d.yaml': 'd',
  })
  const { files, problems } = await readRuleFiles([directory])
  assert.deepEqual(
    files.map(({ name }) => relative(directory, name)),
    ['a.yaml', 'b.yml', 'sub/deep/c.json'],
  )
  assert.deepEqual(
    files.map(({ text }) => text),
    ['a', 'b', '{}'],
  )
  assert.deepEqual(problems, [])
})

test('follows links as Kubernetes makes them, and a link to a parent only once', async (t) => {
  const directory = await filesIn(t, { '..2026/rules.yaml': 'a' })
  await symlink('..2026', join(directory, '..data'))
  await symlink('..data/rules.yaml', join(directory, 'rules.yaml'))
  await symlink('.', join(directory, 'again'))
  const { files, problems } = await readRuleFiles([directory])
  assert.deepEqual(
    files.map(({ name }) => relative(directory, name)),
    ['rules.yaml'],
  )
  assert.deepEqual(problems, [])
})

test('reads a file once that is reached in two ways, and any name that is given by itself', async (t) => {
  const directory = await filesIn(t, { 'a.yaml': 'a', 'rules.conf': 'r' })
  const { files } = await readRuleFiles([join(directory, 'rules.conf'), join(directory, 'a.yaml'), directory])
  assert.deepEqual(
    files.map(({ text }) => text),
    ['r', 'a'],
  )
})

test('says what is missing, empty, too large or not text, and reads the rest', async (t) => {
  const directory = await filesIn(t, { 'good.yaml': 'a', 'empty/notes.txt': '', 'x.test.yaml': '' })
  await writeFile(join(directory, 'latin.yaml'), Buffer.from([0x61, 0xe4, 0x62]))
  await writeFile(join(directory, 'large.yaml'), Buffer.alloc(ruleFileBytesMax + 1, 0x20))
  const { files, problems } = await readRuleFiles([
    join(directory, 'missing.yaml'),
    join(directory, 'good.yaml', 'below'),
    join(directory, 'empty'),
    join(directory, 'x.test.yaml'),
    directory,
  ])
  assert.deepEqual(
    files.map(({ text }) => text),
    ['a'],
  )
  assert.deepEqual(
    problems.map(({ code, severity, at }) => `${code} ${severity} ${relative(directory, at.file)}`),
    [
      'FILE_NOT_FOUND error missing.yaml',
      'FILE_NOT_FOUND error good.yaml/below',
      'NO_RULE_FILES warning empty',
      'NO_RULE_FILES warning x.test.yaml',
      'FILE_TOO_LARGE error large.yaml',
      'FILE_NOT_UTF8 error latin.yaml',
    ],
  )
})

test('says that a link leads nowhere', async (t) => {
  const directory = await filesIn(t, { 'a.yaml': 'a' })
  await symlink('nowhere.yaml', join(directory, 'b.yaml'))
  const { files, problems } = await readRuleFiles([directory])
  assert.deepEqual(
    files.map(({ text }) => text),
    ['a'],
  )
  assert.deepEqual(
    problems.map(({ code, at }) => [code, relative(directory, at.file)]),
    [['FILE_NOT_FOUND', 'b.yaml']],
  )
})

test('takes a byte order mark for no part of the text', async (t) => {
  const directory = await filesIn(t, { 'a.yaml': '\ufeffkind: SLO\n' })
  const { files } = await readRuleFiles([directory])
  assert.equal(files[0].text, 'kind: SLO\n')
})

test('loads five thousand files in one go', { timeout: 30_000 }, async (t) => {
  const directory = await filesIn(
    t,
    Object.fromEntries(Array.from({ length: 5_000 }, (_, id) => [`${id}.yaml`, sloNumber(id)])),
  )
  const { slos, problems } = await loadRules([directory])
  assert.equal(slos.length, 5_000)
  assert.deepEqual(problems, [])
})

function sloNumber(id: number): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata: { name: slo-${id} }
spec:
  service: s
  objective: 99.9
  window: 30d
  indicator: { ratio: { bad: 'b{job="${id}"}', total: 't{job="${id}"}' } }
`
}

async function filesIn(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sloburn-rules-'))
  t.after(() => rm(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true })
    await writeFile(join(directory, name), text)
  }
  return directory
}
