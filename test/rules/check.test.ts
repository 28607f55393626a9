import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type CheckOptions, runCheck } from '../../src/cli/check.ts'
import type { Problem } from '../../src/core/model/problem.ts'
import { slo } from './invalid-file.ts'

const good = slo('description: d')
const wrong = good.replace('99.9', '100')
const doubtful = good.replace('99.9', '90')
const config = 'sources: []\nlisten: { http: 127.0.0.1:0 }\n'

test('prints a summary and ends with 0 when all is fine', async (t) => {
  const { code, stdout, stderr } = await check(t, { 'a.yaml': good })
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '1 SLO, 0 policies, 0 problems\n', stderr: '' })
})

test('prints every problem with its place and hint on stderr, by file and line, and ends with 1', async (t) => {
  const { code, stdout, stderr } = await check(t, { 'b.yaml': wrong.replace('checkout\n', 'other\n'), 'a.yaml': wrong })
  assert.equal(code, 1)
  assert.equal(stdout, '0 SLOs, 0 policies, 2 problems (2 errors, 0 warnings)\n')
  const line =
    'RULE_OBJECTIVE the objective 100 is not a percentage above 0 and below 100\n    hint: at 100 there would be no error budget, and the first failure would break it for good\n'
  assert.equal(stderr, `DIR/a.yaml:7:14: ${line}DIR/b.yaml:7:14: ${line}`)
})

test('ends with 0 when there are warnings only', async (t) => {
  const { code, stdout, stderr } = await check(t, { 'a.yaml': doubtful })
  assert.equal(code, 0)
  assert.equal(stdout, '1 SLO, 0 policies, 1 problem (0 errors, 1 warning)\n')
  assert.match(stderr, /RULE_NEVER_FIRES warning: the page rule/)
})

test('ends with 2 when a path cannot be read, and still checks the others', async (t) => {
  const { code, stderr } = await check(t, { 'a.yaml': wrong }, {}, ['missing'])
  assert.equal(code, 2)
  assert.match(stderr, /RULE_OBJECTIVE/)
  assert.match(stderr, /DIR\/missing: FILE_NOT_FOUND there is no such file or directory/)
})

test('ends with 2 when no path is given', async () => {
  const { code, stdout, stderr } = await run([], {})
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' })
  assert.match(stderr, /give at least one file or directory/)
})

test('prints one JSON document for programs', async (t) => {
  const { code, stdout, stderr } = await check(
    t,
    { 'a.yaml': wrong, 'b.yaml': good.replace('name: checkout', 'name: b') },
    { json: true },
  )
  assert.equal(code, 1)
  assert.equal(stderr, '')
  assert.deepEqual(JSON.parse(stdout), {
    ok: false,
    slos: 1,
    policies: 0,
    configs: 0,
    problems: [
      {
        code: 'RULE_OBJECTIVE',
        severity: 'error',
        file: 'DIR/a.yaml',
        line: 7,
        column: 14,
        path: '/spec/objective',
        message: 'the objective 100 is not a percentage above 0 and below 100',
        hint: 'at 100 there would be no error budget, and the first failure would break it for good',
      },
    ],
  })
})

test('hands an engine config to its own check', async (t) => {
  const seen: string[] = []
  const checkConfig = (file: string, text: string): Problem[] => {
    seen.push(text)
    return [{ code: 'UNKNOWN_KEY', severity: 'error', at: { file, line: 1, column: 1 }, message: 'as the config says' }]
  }
  const { code, stdout, stderr } = await check(t, { 'a.yaml': good, 'sloburn.yaml': config }, { checkConfig })
  assert.equal(code, 1)
  assert.deepEqual(seen, [config])
  assert.equal(stdout, '1 SLO, 0 policies, 1 engine config, 1 problem (1 error, 0 warnings)\n')
  assert.equal(stderr, 'DIR/sloburn.yaml:1:1: UNKNOWN_KEY as the config says\n')
})

test('calls an engine config among rules an error where nothing can check it', async (t) => {
  const { code, stderr } = await check(t, { 'sloburn.yaml': config })
  assert.equal(code, 1)
  assert.match(stderr, /RULE_API_VERSION .*\n {4}hint: this looks like an engine config/)
})

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Checks a directory of files; in what is printed the directory is called DIR. */
async function check(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  options: CheckOptions = {},
  further: readonly string[] = [],
): Promise<Ran> {
  const directory = await mkdtemp(join(tmpdir(), 'sloburn-check-'))
  t.after(() => rm(directory, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  const { code, stdout, stderr } = await run([directory, ...further.map((name) => join(directory, name))], options)
  return { code, stdout: stdout.replaceAll(directory, 'DIR'), stderr: stderr.replaceAll(directory, 'DIR') }
}

async function run(paths: readonly string[], options: CheckOptions): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const code = await runCheck(paths, options, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  })
  return { code, stdout, stderr }
}
