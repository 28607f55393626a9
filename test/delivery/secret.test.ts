import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { pino } from 'pino'
import { secret } from '../../src/core/model/secret.ts'

test('a secret gives its value to whoever asks for it by name', () => {
  assert.equal(secret('xoxb-1').reveal(), 'xoxb-1')
})

test('a secret prints as <secret>, however it is printed', () => {
  const value = secret('xoxb-1')
  const printed = [
    String(value),
    value.toString(),
    JSON.stringify({ value }),
    inspect({ value }, { depth: 9, showHidden: true, getters: true }),
    format('%s %o %j', value, value, value),
    JSON.stringify(Object.entries(value)),
    logged({ value }),
  ]
  for (const text of printed) assert.doesNotMatch(text, /xoxb/)
  assert.match(printed[2], /"<secret>"/)
  assert.match(printed[3], /value: <secret>/)
  assert.match(printed[6], /"value":"<secret>"/)
})

test('a secret cannot be changed or copied out', () => {
  const value = secret('xoxb-1')
  assert.throws(() => Object.assign(value, { reveal: () => 'forged' }), TypeError)
  assert.throws(() => structuredClone(value))
})

function logged(fields: object): string {
  let line = ''
  pino({}, { write: (text: string) => void (line += text) }).info(fields, 'x')
  return line
}
