import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type CheckedConfig, type CheckOptions, type ConfigCheck, runCheck } from '../../src/cli/check.ts'
import { githubAnnotation } from '../../src/cli/github-annotation.ts'
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

test('prints annotations for GitHub, and nothing that a message could break out of', async (t) => {
  const { code, stdout, stderr } = await check(
    t,
    { 'a, b.yaml': wrong, 'c.yaml': doubtful.replace('name: checkout', 'name: c') },
    { format: 'github' },
  )
  assert.equal(code, 1)
  assert.equal(stderr, '')
  const lines = stdout.split('\n')
  assert.equal(
    lines[0],
    '::error file=DIR/a%2C b.yaml,line=7,col=14,title=RULE_OBJECTIVE::' +
      'the objective 100 is not a percentage above 0 and below 100%0A' +
      'hint: at 100 there would be no error budget, and the first failure would break it for good',
  )
  assert.match(
    lines[1],
    /^::warning file=DIR\/c.yaml,line=7,col=14,title=RULE_NEVER_FIRES::the page rule .* 93.0556 %25,/,
  )
  assert.deepEqual(lines.slice(2), ['1 SLO, 0 policies, 2 problems (1 error, 1 warning)', ''])
})

test('annotates a file as a whole where a problem has no line', () => {
  const at = { file: 'x:y.yaml', line: 0, column: 0 }
  const problem = { code: 'FILE_NOT_FOUND', severity: 'error', at, message: 'a\r\n100 %' } as const
  assert.equal(githubAnnotation(problem), '::error file=x%3Ay.yaml,title=FILE_NOT_FOUND::a%0D%0A100 %25')
})

test('names the bounds next to one that the histogram in the data does not have', async (t) => {
  const latency = good.replace(/ratio: .*\}/, `latency: { histogram: 'h_seconds{job="a"}', below: 300ms } }`)
  const page = ['a', 'b'].flatMap((job) => {
    const bounds = job === 'a' ? ['0.1', '0.25', '0.5', '+Inf'] : ['0.3', '+Inf']
    return bounds.map((le) => `h_seconds_bucket{job="${job}",le="${le}"} 1 1767225600`)
  })
  const data = `# TYPE h_seconds histogram\n${page.join('\n')}\n# EOF\n`
  const { code, stderr } = await checkWithData(t, latency, data)
  assert.equal(code, 1)
  assert.equal(
    stderr,
    'DIR/a.yaml:4:9: RULE_BUCKET_BOUND SLO "checkout" cannot be counted: the histogram h_seconds has no bucket 0.3: next to it are 0.25 and 0.5\n' +
      '    hint: take one of these bounds, or give the histogram the bucket; nothing is interpolated\n',
  )
  for (const below of ['250ms', '100ms']) {
    const right = await checkWithData(t, latency.replace('300ms', below), data)
    assert.deepEqual([right.code, right.stderr], [0, ''])
  }
  const unknown = await checkWithData(t, latency.replace('h_seconds', 'other_seconds'), data)
  assert.deepEqual([unknown.code, unknown.stderr], [0, ''])
  const damaged = await checkWithData(t, latency.replace('300ms', '250ms'), data.replace('le="+Inf"} 1', 'le="+Inf" 1'))
  assert.match(damaged.stderr, /^sloburn check: 1 lines of the data cannot be read, the first is DIR\/metrics.txt:5: /)
})

test('says where one failure breaks an objective at the traffic that the data has', async (t) => {
  const lines = ['# TYPE t counter', '# TYPE b counter']
  for (let minute = 0; minute <= 600; minute++) {
    const at = 1767225600 + minute * 60
    // One event in ten minutes in the one region, one a minute in the other.
    lines.push(`t_total{region="eu"} ${Math.floor(minute / 10)} ${at}`, `t_total{region="us"} ${minute} ${at}`)
    lines.push(`b_total{region="eu"} 0 ${at}`, `b_total{region="us"} 0 ${at}`)
  }
  const data = `${lines.join('\n')}\n# EOF\n`
  const rules = good.replace(/ratio: .*\}/, 'ratio: { bad: b_total, total: t_total } }')
  const enough = await checkWithData(t, rules, data)
  assert.deepEqual([enough.code, enough.stderr], [0, ''])
  const strict = await checkWithData(t, rules.replace(/objective: .*/, 'objective: 99.99'), data)
  assert.equal(strict.code, 0)
  assert.match(
    strict.stderr,
    /RULE_ONE_FAILURE_BREAKS warning: one bad event alone breaks the objective at the traffic seen in eu: /,
  )
  const allowed = rules.replace(/objective: .*/, 'objective: 99.99\n  allow: { RULE_ONE_FAILURE_BREAKS: seldom used }')
  assert.equal((await checkWithData(t, allowed, data)).stderr, '')
})

test('holds windows against the history that one says there is', async (t) => {
  const short = await check(t, { 'a.yaml': good }, { retention: '14d' })
  assert.match(
    short.stderr,
    /RULE_BEYOND_RETENTION warning: the window 30d reaches further back than history is kept, which is 14d/,
  )
  assert.equal((await check(t, { 'a.yaml': good }, { retention: '30d' })).stderr, '')
  const wrongly = await check(t, { 'a.yaml': good }, { retention: 'long' })
  assert.deepEqual(
    [wrongly.code, wrongly.stderr],
    [2, 'sloburn check: --retention long is not a duration; write for example 90d\n'],
  )
})

test('loads the check of engine configs only where there is one', async (t) => {
  const { code } = await check(t, { 'a.yaml': good }, { configCheck: unwantedCheck })
  assert.equal(code, 0)
  await assert.rejects(check(t, { 'sloburn.yaml': config }, { configCheck: unwantedCheck }), /nobody asked for it/)
})

test('hands an engine config to its own check', async (t) => {
  const seen: string[] = []
  const checkConfig: ConfigCheck = (file, text) => {
    seen.push(text)
    const at = { file, line: 1, column: 1 }
    return {
      config: undefined,
      problems: [{ code: 'UNKNOWN_KEY', severity: 'error', at, message: 'as the config says' }],
    }
  }
  const { code, stdout, stderr } = await check(
    t,
    { 'a.yaml': good, 'sloburn.yaml': config },
    { configCheck: async () => checkConfig },
  )
  assert.equal(code, 1)
  assert.deepEqual(seen, [config])
  assert.equal(stdout, '1 SLO, 0 policies, 1 engine config, 1 problem (1 error, 0 warnings)\n')
  assert.equal(stderr, 'DIR/sloburn.yaml:1:1: UNKNOWN_KEY as the config says\n')
})

test('holds slices against the interval of an engine config that is checked with them', async (t) => {
  const sliced = good.replace(
    /  indicator:[^]*/,
    "  indicator: { timeSlices: { slice: 20s, good: 'b / t < 1', signals: { b: b, t: t } } }\n",
  )
  const files = { 'a.yaml': sliced, 'sloburn.yaml': config }
  const { code, stderr } = await check(t, files, { configCheck: async () => everyTenSeconds })
  assert.deepEqual([code, stderr], [0, ''])
  const alone = await check(t, { 'a.yaml': sliced })
  assert.match(alone.stderr, /RULE_SLICE_STEP warning: a slice of 20s is no multiple of the evaluation interval 15s/)
})

test('calls an engine config among rules an error where nothing can check it', async (t) => {
  const { code, stderr } = await check(t, { 'sloburn.yaml': config })
  assert.equal(code, 1)
  assert.match(stderr, /RULE_API_VERSION .*\n {4}hint: this looks like an engine config/)
})

function everyTenSeconds(): CheckedConfig {
  return { config: { evaluation: { intervalMs: 10_000 } }, problems: [] }
}

async function unwantedCheck(): Promise<never> {
  throw new Error('nobody asked for it')
}

async function checkWithData(t: TestContext, rules: string, data: string): Promise<Ran> {
  const directory = await mkdtemp(join(tmpdir(), 'sloburn-check-'))
  t.after(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'a.yaml'), rules)
  await writeFile(join(directory, 'metrics.txt'), data)
  const ran = await run([join(directory, 'a.yaml')], { data: [join(directory, 'metrics.txt')] })
  return { ...ran, stderr: ran.stderr.replaceAll(directory, 'DIR') }
}

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
