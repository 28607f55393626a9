import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../../src/cli/program.ts'
import { capturedIo } from '../../cli/captured-io.ts'

const pyrra = (name: string): string => `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: ${name} }
spec:
  target: "99" # agreed
  window: 4w
  indicator: { ratio: { errors: { metric: bad_total }, total: { metric: all_total } } }
`

const native = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: n }
spec: { service: s, objective: 99, window: 30d, indicator: { ratio: { bad: b_total, total: a_total } } }
`

test('prints native documents to stdout, and what it has to say about them to stderr', async (t) => {
  const folder = aFolder(t, { 'a.yaml': pyrra('a'), 'b.yaml': pyrra('b') })
  const io = capturedIo()
  assert.equal(await run(['convert', folder], io), 0)
  assert.equal(io.out().match(/^kind: SLO$/gm)?.length, 2)
  assert.equal(io.out().match(/^kind: AlertPolicy$/gm)?.length, 1)
  assert.match(io.out(), /objective: 99 # agreed\n/)
  assert.match(io.err(), /a\.yaml:6:11: IMPORT_CHANGED warning: the tiers wait 2m/)
  assert.match(io.err(), /3 documents from 2 of 2 files\n$/)
})

test('writes a file for each, in the place below the directory that it was found in', async (t) => {
  const folder = aFolder(t, { 'a.yml': pyrra('a'), 'team/a.json': JSON.stringify({ ...slothValue }), 'n.yaml': native })
  const out = join(folder, '../out')
  const io = capturedIo()
  assert.equal(await run(['convert', folder, '--out', out], io), 0)
  assert.deepEqual(
    readdirSync(out, { recursive: true }).toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    ['a.yaml', 'team', join('team', 'a.yaml')],
  )
  assert.match(io.err(), /n\.yaml:1:1: this document needs no conversion and is not repeated\n/)
  assert.equal(io.out(), '')
  const checked = capturedIo()
  assert.equal(await run(['check', out], checked), 0)
  assert.match(checked.out(), /^2 SLOs, 1 policy, 0 problems/)
})

test('writes the same again, and nothing where another file is there', async (t) => {
  const folder = aFolder(t, { 'a.yml': pyrra('a') })
  const out = join(folder, '../out')
  assert.equal(await run(['convert', folder, '--out', out], capturedIo()), 0)
  assert.equal(await run(['convert', folder, '--out', out], capturedIo()), 0)
  writeFileSync(join(out, 'a.yaml'), 'mine\n')
  const io = capturedIo()
  assert.equal(await run(['convert', folder, '--out', out], io), 2)
  assert.match(io.err(), /a\.yaml is there already/)
  assert.equal(readFileSync(join(out, 'a.yaml'), 'utf8'), 'mine\n')
})

test('writes nothing when two files would become one', async (t) => {
  const folder = aFolder(t, { 'a.yml': pyrra('a'), 'a.yaml': pyrra('b') })
  const out = join(folder, '../out')
  const io = capturedIo()
  assert.equal(await run(['convert', folder, '--out', out], io), 2)
  assert.match(io.err(), /a\.yaml and .*a\.yml would both become/)
  assert.throws(() => readdirSync(out))
})

test('ends with 1 when something cannot be carried over, and prints the rest', async (t) => {
  const broken = pyrra('b').replace('"99"', '"100"')
  const folder = aFolder(t, { 'a.yaml': pyrra('a'), 'b.yaml': broken, 'c.yaml': pyrra('c').replace('ratio', 'ratios') })
  const io = capturedIo()
  assert.equal(await run(['convert', folder], io), 1)
  assert.match(io.err(), /b\.yaml:5:11: RULE_OBJECTIVE/)
  assert.match(io.err(), /c\.yaml:7:14: RULE_INDICATOR/)
  assert.match(io.out(), /name: a\n/)
})

test('ends with 2 when a file is not there', async () => {
  const io = capturedIo()
  assert.equal(await run(['convert', 'no-such-file.yaml'], io), 2)
  assert.match(io.err(), /no-such-file\.yaml: FILE_NOT_FOUND/)
})

const slothValue = {
  version: 'prometheus/v1',
  service: 'shop',
  slos: [
    {
      name: 'a',
      objective: 99,
      sli: {
        events: {
          error_query: 'sum(rate(bad_total[{{.window}}]))',
          total_query: 'sum(rate(all_total[{{.window}}]))',
        },
      },
      alerting: {},
    },
  ],
}

function aFolder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const above = mkdtempSync(join(tmpdir(), 'sloburn-convert-'))
  t.after(() => rmSync(above, { recursive: true }))
  const folder = join(above, 'in')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
