import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../src/cli/program.ts'
import { fastBurn, storyText } from '../simulation/rule-test/told-story.ts'
import { capturedIo } from './captured-io.ts'

const passing = storyText({ expect: ['{ at: 1h8m45s, page: { slo: checkout } }'] })
const failing = storyText({ expect: ['{ at: 1h, page: { slo: checkout } }'] })

test('ends with 0 when all tests pass, and says so in a few words', async (t) => {
  const folder = aFolder(t, { 'a.test.yaml': passing, 'b.test.yaml': passing })
  const { code, out, err } = await sloburn('test', folder)
  assert.deepEqual([code, err], [0, ''])
  assert.equal(
    out.replaceAll(`${folder}/`, ''),
    'ok     a.test.yaml (1 test)\nok     b.test.yaml (1 test)\n2 tests in 2 files: 2 passed, 0 failed\n',
  )
})

test('ends with 1 when a test fails, and runs the others', async (t) => {
  const folder = aFolder(t, { 'a.test.yaml': failing, 'b.test.yaml': passing })
  const { code, out, err } = await sloburn('test', folder)
  assert.equal(code, 1)
  assert.match(err, /a\.test\.yaml:8:\d+: TEST_NOT_FIRED page of checkout did not fire at 1h;/)
  assert.match(out, /^FAILED .*a\.test\.yaml \(1 test\)\n {9}a\nok {5}.*\n2 tests in 2 files: 1 passed, 1 failed\n$/)
})

test('ends with 1 when a test file or its rules are wrong, which is told once', async (t) => {
  const folder = aFolder(t, {
    'a.test.yaml': passing.replace('every', 'evry'),
    'b.test.yaml': passing.replace(/^rules: .*$/m, 'rules: broken.yaml'),
    'c.test.yaml': passing.replace(/^rules: .*$/m, 'rules: broken.yaml'),
    'broken.yaml': 'kind: SLO\n',
  })
  const { code, out, err } = await sloburn('test', folder)
  assert.equal(code, 1)
  assert.equal(err.match(/UNKNOWN_KEY/g)?.length, 1)
  assert.equal(err.match(/broken\.yaml:1:1: MISSING_KEY "metadata"/g)?.length, 1)
  assert.match(out, /0 tests in 3 files: 0 passed, 0 failed, 3 files not run\n$/)
})

test('a warning about rules is not repeated here, a series that nothing counts is told', async (t) => {
  const series = [...fastBurn, 'unheard_of_total: 0x60']
  const folder = aFolder(t, {
    'a.test.yaml': storyText({ series, expect: ['{ at: 1h8m45s, page: { slo: checkout } }'] }),
  })
  const { code, err } = await sloburn('test', folder)
  assert.equal(code, 0)
  assert.match(err, /TEST_UNUSED_SERIES warning: no SLO of the rules counts unheard_of_total\n/)
})

test('--run picks tests by a pattern', async (t) => {
  const folder = aFolder(t, { 'slow-burn.test.yaml': passing, 'fast-burn.test.yaml': failing })
  const { code, out } = await sloburn('test', folder, '--run', '^slow')
  assert.equal(code, 0)
  assert.match(out, /1 test in 1 file: 1 passed, 0 failed\n$/)
})

test('--json prints one document and nothing else', async (t) => {
  const folder = aFolder(t, { 'a.test.yaml': failing })
  const { code, out, err } = await sloburn('test', folder, '--json')
  assert.deepEqual([code, err], [1, ''])
  const report: { ok: boolean; tests: { outcome: string; problems: { code: string; line: number }[] }[] } =
    JSON.parse(out)
  assert.equal(report.ok, false)
  assert.deepEqual(
    report.tests.map(({ outcome, problems }) => [
      outcome,
      problems.map((problem) => `${problem.code} ${problem.line}`),
    ]),
    [['failed', ['TEST_NOT_FIRED 8']]],
  )
})

test('--tap prints TAP and nothing else', async (t) => {
  const folder = aFolder(t, { 'a.test.yaml': failing, 'b.test.yaml': passing })
  const { code, out, err } = await sloburn('test', folder, '--tap')
  assert.deepEqual([code, err], [1, ''])
  assert.match(out, /^TAP version 13\n1\.\.2\nnot ok 1 - .*a\.test\.yaml > a\n {2}---\n/)
  assert.match(out, /\nok 2 - .*b\.test\.yaml > b\n$/)
})

test('--junit writes a report beside what is printed', async (t) => {
  const folder = aFolder(t, { 'a.test.yaml': failing, 'b.test.yaml': passing })
  const report = join(folder, 'report.xml')
  const { code, out } = await sloburn('test', folder, '--junit', report)
  assert.equal(code, 1)
  assert.match(out, /1 passed, 1 failed/)
  assert.match(
    readFileSync(report, 'utf8'),
    /<testsuites name="sloburn test" tests="2" failures="1" errors="0" time="\d+\.\d{3}">/,
  )
})

const cannotWork: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a path that is not there', ['nowhere'], /nowhere: FILE_NOT_FOUND/],
  ['a folder without tests', ['empty'], /TEST_NO_FILES there are no \*\.test\.yaml files here/],
  ['a pattern that no test matches', ['a.test.yaml', '--run', 'nobody'], /no test is called nobody/],
  ['a pattern that is none', ['a.test.yaml', '--run', '('], /--run \( is not a regular expression/],
  ['two formats at once', ['a.test.yaml', '--json', '--tap'], /not both/],
  [
    'a report that cannot be written',
    ['a.test.yaml', '--junit', 'no/where/x.xml'],
    /no\/where\/x\.xml: there is no such file or directory/,
  ],
]
for (const [what, [path = '', ...options], told] of cannotWork) {
  test(`ends with 2 for ${what}`, async (t) => {
    const folder = aFolder(t, { 'a.test.yaml': passing, 'empty/readme.md': '' })
    const { code, err } = await sloburn('test', join(folder, path), ...options)
    assert.equal(code, 2)
    assert.match(err, told)
  })
}

async function sloburn(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = capturedIo()
  const code = await run(argv, io)
  return { code, out: io.out(), err: io.err() }
}

function aFolder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-test-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
