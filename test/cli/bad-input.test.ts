import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { run } from '../../src/cli/program.ts'
import { capturedIo } from './captured-io.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const rules = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: checkout
  objective: 99.9
  window: 30d
  alerting: { policy: workbook }
  indicator: { ratio: { bad: 'bad_total', total: 'all_total' } }
`
const history = `# TYPE all_total counter
all_total{region="eu"} 0 1700000000
all_total{region="eu"} 60 1700000060
# EOF
`

/** A folder with these files, and a way to run a command that is given paths in it. */
function folderOf(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bad-input-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return async (...argv: readonly string[]) => {
    const io = capturedIo()
    const code = await run(
      argv.map((word) => word.replace('DIR', folder)),
      io,
    )
    return { code, out: io.out(), err: io.err().replaceAll(folder, 'DIR') }
  }
}

const files = {
  'rules.yaml': rules,
  'history.txt': history,
  'folder/readme.md': '',
  'no.gz': history,
  'cut.gz': gzipSync(history).subarray(0, 30),
}
const asBacktest = ['backtest', '--rules', 'DIR/rules.yaml', '--data']
const refused: readonly (readonly [string, readonly string[], string])[] = [
  ['history that is not there', [...asBacktest, 'DIR/none.txt'], 'DIR/none.txt: there is no such file or directory'],
  ['a folder for history', [...asBacktest, 'DIR/folder'], 'DIR/folder: it is a directory; give the files in it'],
  [
    'history that is not gzipped',
    [...asBacktest, 'DIR/no.gz'],
    'DIR/no.gz: it is no whole gzip file (incorrect header check)',
  ],
  [
    'history that is cut off',
    [...asBacktest, 'DIR/cut.gz'],
    'DIR/cut.gz: it is no whole gzip file (unexpected end of file)',
  ],
  [
    'a file where compiled rules are to go',
    ['compile', 'DIR/rules.yaml', '--out', 'DIR/history.txt'],
    'DIR/history.txt: there is a file of that name, where a directory is to be',
  ],
  [
    'a file where dashboards are to go',
    ['dashboards', 'DIR/rules.yaml', '--out', 'DIR/history.txt'],
    'DIR/history.txt: there is a file of that name, where a directory is to be',
  ],
]
for (const [what, argv, told] of refused) {
  test(`names the file and the reason for ${what}, and ends with 2`, async (t) => {
    const { code, err } = await folderOf(t, files)(...argv)
    assert.equal(code, 2)
    assert.equal(err, `sloburn: ${told}\n`)
  })
}

for (const command of [
  ['backtest', '--rules', 'DIR/none.yaml', '--data', 'DIR/history.txt'],
  ['report', '--period', '2023-11', '--rules', 'DIR/none.yaml', '--data', 'DIR/history.txt'],
  ['compile', 'DIR/none.yaml'],
  ['convert', 'DIR/none.yaml'],
  ['dashboards', 'DIR/none.yaml', '--out', 'DIR/made'],
  ['check', 'DIR/none.yaml'],
  ['run', '--config', 'DIR/sloburn.yaml'],
]) {
  test(`${command[0]} ends with 2 where rules cannot be read, and with 1 where they are wrong`, async (t) => {
    const config = 'rules: [none.yaml]\nsources: []\n'
    const told = await folderOf(t, { ...files, 'sloburn.yaml': config })(...command)
    assert.deepEqual([told.code, told.out.includes('Error')], [2, false])
    assert.match(told.err, /^DIR\/none\.yaml: FILE_NOT_FOUND there is no such file or directory/)
    const wrong = { ...files, 'sloburn.yaml': config, 'none.yaml': rules.replace('99.9', '100') }
    const { code, err } = await folderOf(t, wrong)(...command)
    assert.deepEqual([code, err.match(/RULE_OBJECTIVE/)?.length], [1, 1])
  })
}

test('check holds an engine config against the rules that it names', async (t) => {
  const config = 'rules: [shop/]\nsources: []\n'
  const sound = await folderOf(t, { 'sloburn.yaml': config, 'shop/a.yaml': rules })('check', 'DIR/sloburn.yaml')
  assert.deepEqual([sound.code, sound.out], [0, '1 SLO, 0 policies, 1 engine config, 0 problems\n'])
  const wrong = { 'sloburn.yaml': config, 'shop/a.yaml': rules.replace('99.9', '100') }
  const { code, err } = await folderOf(t, wrong)('check', 'DIR/sloburn.yaml', 'DIR/shop')
  assert.equal(code, 1)
  assert.equal(
    err.match(/DIR\/shop\/a\.yaml:6:14: RULE_OBJECTIVE/g)?.length,
    1,
    'told once, although reached in two ways',
  )
})

test('check warns of rules that an engine config names and that are not there', async (t) => {
  const { code, err } = await folderOf(t, { 'sloburn.yaml': 'rules: [shop/]\nsources: []\n' })(
    'check',
    'DIR/sloburn.yaml',
  )
  assert.equal(code, 0)
  assert.match(err, /^DIR\/shop\/?: FILE_NOT_FOUND warning: .*\n {4}hint: the engine config names it under rules/)
})

test('compile takes the rules that an engine config names', async (t) => {
  const config = 'rules: [shop/]\nsources: []\n'
  const { code, out } = await folderOf(t, { 'sloburn.yaml': config, 'shop/a.yaml': rules })(
    'compile',
    'DIR/sloburn.yaml',
  )
  assert.equal(code, 0)
  assert.match(out, /name: sloburn-checkout/)
})

test('a report says how many lines of history it did not show', async (t) => {
  const lines = `${'?\n'.repeat(25)}${history}`
  const asked = ['report', '--period', '2023-11', '--format', 'csv', '--rules', 'DIR/rules.yaml', '--data', 'DIR/h.txt']
  const { code, err } = await folderOf(t, { ...files, 'h.txt': lines })(...asked)
  assert.equal(code, 1)
  assert.match(err, /h\.txt:20: DATA_LINE .*\nand 5 more lines that could not be read\n$/)
})

test('hints at --help after a misuse', async (t) => {
  const { code, err } = await folderOf(t, {})('check')
  assert.deepEqual([code, err], [2, "error: missing required argument 'path'\n    hint: --help tells what it takes\n"])
})

test('reads rules from a pipe', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-bad-input-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'rules.yaml')
  writeFileSync(file, rules)
  const line = 'cat "$1" | "$2" "$3" check /dev/stdin'
  const { status, stdout } = spawnSync('sh', ['-c', line, 'sh', file, process.execPath, main], { encoding: 'utf8' })
  assert.deepEqual([status, stdout], [0, '1 SLO, 0 policies, 0 problems\n'])
})

test('ends with 2 and one line where its answer cannot be written', () => {
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, [main, '--version'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  })
  assert.equal(status, 2)
  assert.match(stderr, /^sloburn: the output cannot be written: ENOSPC[^\n]*\n$/)
})
