import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type CompileOptions, compileSlos } from '../../src/compile/compile-slos.ts'
import { type RenderOptions, renderRules } from '../../src/compile/render-rules.ts'
import { formatProblem } from '../../src/core/model/problem.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { inexpressibleRules, shopRules } from './shop-rules.ts'

const shop = await parseRules([{ name: 'shop.yaml', text: shopRules }])

for (const [name, options, rendering] of [
  ['prometheus', {}, {}],
  ['sloth', { names: 'sloth' }, {}],
  ['mimir', {}, { target: 'mimir' }],
  ['thanos', { reads: 'later' }, { target: 'thanos' }],
  ['vmalert', { reads: 'later' }, { target: 'vmalert' }],
  ['operator', {}, { kind: 'PrometheusRule', objectLabels: { release: 'prometheus' } }],
] as const) {
  test(`SLOs of every kind as rules: ${name}`, (t) => {
    assert.deepEqual(shop.problems, [])
    const { files, problems } = compiled(options, rendering)
    assert.deepEqual(problems, [])
    for (const { name: file, text } of files) {
      t.assert.fileSnapshot(text, `test/golden/compile/${name}/${file}`, { serializers: [String] })
    }
  })
}

test('the same SLOs give the same rules in whatever order they come', () => {
  const { files } = compiled({ names: 'sloth' }, {})
  fc.assert(
    fc.property(fc.shuffledSubarray([...shop.slos], { minLength: shop.slos.length }), (slos) => {
      const { services } = compileSlos(slos, [], { names: 'sloth', reads: 'at-once' })
      assert.deepEqual(renderRules(services, { target: 'prometheus', kind: 'rules', objectLabels: {} }), files)
    }),
    { numRuns: 20 },
  )
})

test('what PromQL cannot express is refused with the reason, and what gets lost is said', async () => {
  const { slos, maintenances, problems: wrong } = await parseRules([{ name: 'a.yaml', text: inexpressibleRules }])
  assert.deepEqual(wrong, [])
  const { services, problems } = compileSlos(slos, maintenances, { names: 'sloburn', reads: 'at-once' })
  assert.deepEqual(
    problems.map((problem) => formatProblem(problem).split('\n')[0]),
    [
      'a.yaml:3:19: COMPILE_NOT_EXPRESSIBLE SLO "monthly": a range of PromQL has one length, and a month of the calendar begins anew and has several',
      'a.yaml:12:19: COMPILE_NOT_EXPRESSIBLE SLO "minutes": rules are evaluated when the ruler pleases, and not at the ends of slices, nor are its counts exact there',
      'a.yaml:21:19: COMPILE_NOT_EXPRESSIBLE SLO "both": its member "minutes" cannot be expressed',
      'a.yaml:30:19: COMPILE_LESS warning: the policy "standard" of SLO "fine" weighs evidence, which PromQL cannot: its plain rules are compiled',
      'a.yaml:30:19: COMPILE_LESS warning: SLO "fine" had other objectives before: rules measure the past against that of today',
      'a.yaml:30:19: COMPILE_LESS warning: 1 maintenance document has no effect on compiled rules',
    ],
  )
  const groups = [...services.values()].flat().map(({ name }) => name)
  assert.deepEqual(groups, ['sloburn-fine', 'sloburn-fine-budget'])
})

test('services whose names are one file name do not overwrite each other', () => {
  const rule = { kind: 'record', record: 'a', expr: '1', labels: {} } as const
  const services = new Map(['shop front', 'shop-front', 'Shop Front'].map((name) => [name, [{ name, rules: [rule] }]]))
  const files = renderRules(services, { target: 'prometheus', kind: 'rules', objectLabels: {} })
  assert.deepEqual(
    files.map(({ name }) => name),
    ['sloburn-shop-front.rules.yaml', 'sloburn-shop-front-2.rules.yaml', 'sloburn-shop-front-3.rules.yaml'],
  )
})

function compiled(options: Partial<CompileOptions>, rendering: Partial<RenderOptions>) {
  const { services, problems } = compileSlos(shop.slos, [], { names: 'sloburn', reads: 'at-once', ...options })
  return {
    files: renderRules(services, { target: 'prometheus', kind: 'rules', objectLabels: {}, ...rendering }),
    problems,
  }
}
