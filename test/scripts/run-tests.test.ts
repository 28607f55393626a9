import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const passes = "import { test } from 'node:test'\ntest('passes', () => {})\n"
const fails = "import { test } from 'node:test'\ntest('breaks', () => { throw new Error('broken on purpose') })\n"
const skips = "import { test } from 'node:test'\ntest('waits', { skip: 'no such program' }, () => {})\n"

test('passes when all tests of all groups pass, and ends in the sum of their counts', () => {
  const { status, report } = runTestsOf({ 'test/a.test.ts': passes, 'test/e2e/b.test.ts': passes })
  assert.equal(status, 0, report)
  assert.match(
    lastLines(report),
    /^ℹ tests 2\nℹ suites 0\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\nℹ duration_ms/,
  )
})

test('fails when a test fails, and still runs the groups after it', () => {
  const { status, report } = runTestsOf({ 'test/a.test.ts': fails, 'test/e2e/b.test.ts': passes })
  assert.equal(status, 1)
  assert.match(report, /broken on purpose/)
  assert.match(lastLines(report), /^ℹ tests 2\nℹ suites 0\nℹ pass 1\nℹ fail 1\n/)
})

test('fails when a file cannot be loaded', () => {
  const { status } = runTestsOf({ 'test/a.test.ts': "throw new Error('at load')\n", 'test/b.test.ts': passes })
  assert.equal(status, 1)
})

test('fails when there is no test at all', () => {
  assert.equal(runTestsOf({}).status, 1)
})

test('lets a skipped test pass on a machine of a person and tells why it was skipped', () => {
  const { status, report } = runTestsOf({ 'test/a.test.ts': passes, 'test/b.test.ts': skips }, { CI: '' })
  assert.equal(status, 0, report)
  assert.match(report, /not run: .*b\.test\.ts: waits: no such program/)
})

test('counts a skipped test as failed where CI is set', () => {
  const { status, report } = runTestsOf({ 'test/a.test.ts': passes, 'test/b.test.ts': skips }, { CI: 'true' })
  assert.equal(status, 1)
  assert.match(report, /CI is set and 1 tests that should have run did not/)
})

test('excuses a skip that is marked as optional, in CI too', () => {
  const optional = skips.replace('no such program', 'optional: no fixtures beside the checkout')
  const { status, report } = runTestsOf({ 'test/a.test.ts': passes, 'test/b.test.ts': optional }, { CI: 'true' })
  assert.equal(status, 0, report)
  assert.match(report, /not run: .*waits: optional: no fixtures/)
})

/** Runs the runner in a folder that holds the files given. */
function runTestsOf(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-run-tests-'))
  const runner = new URL('../../scripts/run-tests.ts', import.meta.url).href
  const main = `import { runTests } from ${JSON.stringify(runner)}\nprocess.exitCode = (await runTests()) ? 0 : 1\n`
  try {
    for (const [path, text] of Object.entries({ ...files, 'package.json': '{"type":"module"}', 'main.ts': main })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // Without this, Node takes the runner for a test file of the run that this test is part of.
    const { NODE_TEST_CONTEXT: _, ...ownEnv } = process.env
    const options = { cwd: folder, env: { ...ownEnv, NO_COLOR: '1', ...env }, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, ['main.ts'], options)
    return { status, report: stdout + stderr }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The counts, which are the last eight lines of the report. */
function lastLines(report: string): string {
  return report.trimEnd().split('\n').slice(-8).join('\n')
}
