import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import { jsonReport } from '../../../src/simulation/rule-test/json-report.ts'
import { junitReport } from '../../../src/simulation/rule-test/junit-report.ts'
import type { FileResult } from '../../../src/simulation/rule-test/run-rule-tests.ts'
import { tapReport } from '../../../src/simulation/rule-test/tap-report.ts'
import { readXml } from './strict-xml.ts'

const at = { file: 'a<b>.test.yaml', line: 7, column: 3 }
const unknownSlo = { code: 'TEST_UNKNOWN_SLO', severity: 'error', at, message: 'no SLO "x" & none like it' } as const
const notFired = {
  code: 'TEST_NOT_FIRED',
  severity: 'error',
  at,
  message: 'page of "a" did not fire \u0007 \ud800 ]]>',
  hint: 'look here',
} as const
const unused = { code: 'TEST_UNUSED_SERIES', severity: 'warning', at, message: 'nobody counts it' } as const
const syntax = {
  code: 'YAML_SYNTAX',
  severity: 'error',
  at: { ...at, file: 'b.test.yaml' },
  message: 'no YAML',
} as const

const results: readonly FileResult[] = [
  {
    file: 'a<b>.test.yaml',
    problems: [unused],
    tests: [
      { name: 'passes # 1', at, problems: [], failures: [], durationMs: 1_500 },
      {
        name: 'fails\nin two lines',
        at,
        problems: [],
        failures: [{ problem: notFired, details: ['- 1h', '+ 2h'] }],
        durationMs: 20,
      },
      { name: 'cannot be run', at, problems: [unknownSlo], failures: [], durationMs: 0 },
    ],
  },
  { file: 'b.test.yaml', problems: [syntax], tests: [] },
]

test('JUnit: well-formed, counted, with failures apart from errors', () => {
  const xml = readXml(junitReport(results))
  assert.deepEqual(
    [xml.name, xml.attributes],
    ['testsuites', { name: 'sloburn test', tests: '4', failures: '1', errors: '2', time: '1.520' }],
  )
  const [first, second] = xml.children
  assert.deepEqual(first.attributes, { name: 'a<b>.test.yaml', tests: '3', failures: '1', errors: '1', time: '1.520' })
  assert.deepEqual(second.attributes, { name: 'b.test.yaml', tests: '1', failures: '0', errors: '1', time: '0.000' })
  const cases = [...first.children, ...second.children]
  assert.deepEqual(
    cases.map(({ attributes, children }) => [
      attributes['name'],
      attributes['time'],
      ...children.map(({ name }) => name),
    ]),
    [
      ['passes # 1', '1.500'],
      ['fails\nin two lines', '0.020', 'failure'],
      ['cannot be run', '0.000', 'error'],
      ['the file', '0.000', 'error'],
    ],
  )
  const failure = cases[1]?.children[0]
  assert.deepEqual(failure?.attributes, {
    type: 'TEST_NOT_FIRED',
    message: 'page of "a" did not fire \ufffd \ufffd ]]>',
  })
  assert.match(
    failure?.text ?? '',
    /^a<b>\.test\.yaml:7:3: TEST_NOT_FIRED page .*\n {4}hint: look here\n {4}- 1h\n {4}\+ 2h$/,
  )
})

test('TAP: a point per test and per file that could not be run, with YAML beneath what is not ok', () => {
  const lines = tapReport(results).split('\n')
  assert.deepEqual(lines.slice(0, 2), ['TAP version 13', '1..4'])
  assert.deepEqual(
    lines.filter((line) => /^(not )?ok /.test(line)),
    [
      'ok 1 - a<b>.test.yaml > passes \\# 1',
      'not ok 2 - a<b>.test.yaml > fails in two lines',
      'not ok 3 - a<b>.test.yaml > cannot be run',
      'not ok 4 - b.test.yaml',
    ],
  )
  const blocks = [...tapReport(results).matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.\n/gm)].map(([, yaml = '']): unknown =>
    parse(yaml),
  )
  assert.equal(blocks.length, 3)
  assert.deepEqual(blocks[2], [
    { code: 'YAML_SYNTAX', at: 'b.test.yaml:7:3', message: 'no YAML', text: 'b.test.yaml:7:3: YAML_SYNTAX no YAML\n' },
  ])
  assert.ok(lines.every((line) => /^(TAP version 13|1\.\.4|(not )?ok \d .*|  .*|)$/.test(line)))
})

const prove = spawnSync('prove', ['--version']).status === 0
test('TAP: the harness of Perl reads it', { skip: prove ? false : 'optional: prove is not installed' }, (t) => {
  const passing = harness(
    t,
    tapReport(results.map((result) => ({ ...result, problems: [], tests: result.tests.slice(0, 1) }))),
  )
  assert.deepEqual([passing.status, /Tests=1\b/.test(passing.stdout)], [0, true], passing.stdout)
  const failing = harness(t, tapReport(results))
  assert.equal(failing.status, 1)
  assert.match(failing.stdout, /Failed tests:? {2}2-4\n/)
  assert.doesNotMatch(failing.stdout, /Parse errors/)
})

test('JSON: what happened to each test, and everything that was wrong', () => {
  const report = jsonReport(results, [])
  assert.deepEqual([report.ok, report.passed, report.failed], [false, 1, 2])
  assert.deepEqual(
    report.tests.map(({ file, outcome, durationSeconds, problems }) => [
      file,
      outcome,
      durationSeconds,
      problems.length,
    ]),
    [
      ['a<b>.test.yaml', 'passed', 1.5, 0],
      ['a<b>.test.yaml', 'failed', 0.02, 1],
      ['a<b>.test.yaml', 'broken', 0, 1],
    ],
  )
  assert.deepEqual(report.tests[1]?.problems[0]?.details, ['- 1h', '+ 2h'])
  assert.deepEqual(
    report.problems.map(({ code, hint }) => [code, hint]),
    [
      ['TEST_UNUSED_SERIES', null],
      ['YAML_SYNTAX', null],
    ],
  )
})

test('a warning leaves a report fine', () => {
  const [first] = results
  assert.equal(jsonReport([{ ...first, tests: first.tests.slice(0, 1) }], []).ok, true)
  const junit = readXml(junitReport([{ ...first, tests: first.tests.slice(0, 1) }]))
  assert.deepEqual([junit.attributes['tests'], junit.attributes['errors']], ['1', '0'])
})

function harness(t: TestContext, tap: string): { status: number | null; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-tap-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'report.tap'), tap)
  const { status, stdout } = spawnSync('prove', ['--exec', 'cat', join(folder, 'report.tap')], { encoding: 'utf8' })
  return { status, stdout }
}
