import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../src/cli/program.ts'
import { inexpressibleRules, shopRules } from '../compile/shop-rules.ts'
import { capturedIo } from './captured-io.ts'

test('writes one file per service, writes the same again, and tells of one that is not made any more', async (t) => {
  const { rules, out } = aFolder(t, shopRules)
  const io = capturedIo()
  assert.equal(await run(['compile', rules, '--out', out, '--names', 'sloth'], io), 0)
  assert.deepEqual(readdirSync(out), ['sloburn-orders.rules.yaml', 'sloburn-shop-front.rules.yaml'])
  assert.match(io.err(), /^180 rules in 20 groups, 2 files\n$/)
  const before = readFileSync(join(out, 'sloburn-orders.rules.yaml'), 'utf8')
  writeFileSync(rules, shopRules.replace('service: Shop Front', 'service: orders'))
  const again = capturedIo()
  assert.equal(await run(['compile', rules, '--out', out], again), 0)
  assert.match(again.err(), /sloburn-shop-front\.rules\.yaml: this was made before and is not any more/)
  assert.notEqual(readFileSync(join(out, 'sloburn-orders.rules.yaml'), 'utf8'), before)
})

test('never overwrites what it did not make', async (t) => {
  const { rules, out } = aFolder(t, shopRules)
  mkdirSync(out)
  writeFileSync(join(out, 'sloburn-orders.rules.yaml'), 'groups: []\n')
  const io = capturedIo()
  assert.equal(await run(['compile', rules, '--out', out], io), 2)
  assert.match(io.err(), /sloburn-orders\.rules\.yaml was not made by sloburn and is not overwritten/)
  assert.deepEqual(readdirSync(out), ['sloburn-orders.rules.yaml'])
})

test('prints everything where no directory is given, and still makes the rest of what it refuses', async (t) => {
  const { rules } = aFolder(t, inexpressibleRules)
  const io = capturedIo()
  assert.equal(await run(['compile', rules, '--kind', 'PrometheusRule', '--label', 'release=main'], io), 1)
  assert.match(io.out(), /kind: PrometheusRule\nmetadata:\n {2}name: sloburn-a\n(?:.*\n)*? {4}release: main\n/)
  assert.match(io.out(), /- name: sloburn-fine\n/)
  assert.match(io.err(), /:3:19: COMPILE_NOT_EXPRESSIBLE SLO "monthly"/)
})

test('refuses a query that only VictoriaMetrics understands, and gives it to vmalert', async (t) => {
  const text = `apiVersion: sloburn/v1
kind: SLO
metadata: { name: foreign }
spec:
  service: shop
  objective: 99.9
  window: 30d
  indicator: { query: { bad: 'sum(range_median(bad_total[$window]))', total: 'sum(rate(all_total[$window]))' } }
`
  const made: string[] = []
  for (const target of ['prometheus', 'mimir', 'thanos', 'vmalert']) {
    const io = capturedIo()
    const code = await run(['compile', aFolder(t, text).rules, '--target', target], io)
    const isRefused = /COMPILE_NOT_EXPRESSIBLE .*there is no function "range_median" in PromQL/.test(io.err())
    made.push(`${target} ${code}, made ${io.out().includes('range_median')}, refused ${isRefused}`)
  }
  assert.deepEqual(made, [
    'prometheus 1, made false, refused true',
    'mimir 1, made false, refused true',
    'thanos 1, made false, refused true',
    'vmalert 0, made true, refused false',
  ])
})

test('makes nothing of rule files with errors', async (t) => {
  const { rules, out } = aFolder(t, shopRules.replace('objective: 99.9', 'objective: 999'))
  const io = capturedIo()
  assert.equal(await run(['compile', rules, '--out', out], io), 1)
  assert.equal(io.out(), '')
  assert.throws(() => readdirSync(out))
})

for (const [args, message] of [
  [['--kind', 'PrometheusRule', '--target', 'mimir'], /mimir reads files/],
  [['--label', 'a=b'], /--label is for --kind PrometheusRule/],
  [['--kind', 'PrometheusRule', '--label', 'a b'], /--label a b is not key=value/],
  [['--target', 'graphite'], /Allowed choices are prometheus, mimir, thanos, vmalert/],
] as const) {
  test(`refuses ${args.join(' ')}`, async (t) => {
    const io = capturedIo()
    assert.equal(await run(['compile', aFolder(t, shopRules).rules, ...args], io), 2)
    assert.match(io.err(), message)
  })
}

function aFolder(t: TestContext, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-compile-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const rules = join(folder, 'rules.yaml')
  writeFileSync(rules, text)
  return { rules, out: join(folder, 'out') }
}
