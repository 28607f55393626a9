import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../src/core/model/problem.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { slo } from './invalid-file.ts'

test('names the other place of a name that two files declare', async () => {
  const text = slo('description: d')
  const { problems, slos } = await parseRules([
    { name: 'rules/one.yaml', text },
    { name: 'rules/two.yaml', text: `\n${text}` },
  ])
  assert.deepEqual(problems.map(formatProblem), [
    'rules/two.yaml:5:9: RULE_DUPLICATE_NAME the SLO "checkout" is declared already at rules/one.yaml:4:9\n    hint: rename one of them',
  ])
  assert.equal(slos.length, 1)
})

test('finds everything that is wrong in one file at once, in reading order', async () => {
  const text = slo('descripton: d', "{ bad: 'b[5m]', total: t }").replace('99.9', '100').replace('30d', '30')
  const { problems } = await parseRules([{ name: 'a.yaml', text: `${text}---\nkind: SL0\n` }])
  assert.deepEqual(
    problems.map(({ code, at }) => `${at.line} ${code}`),
    ['7 RULE_OBJECTIVE', '8 WRONG_TYPE', '9 UNKNOWN_KEY', '10 RULE_COUNTERS', '12 RULE_API_VERSION'],
  )
})
