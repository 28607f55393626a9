import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '../../src/core/model/secret.ts'
import { type LogSettings, pinoLog } from '../../src/telemetry/pino-log.ts'

test('writes one JSON object a line, with time, level, message and fields', () => {
  const [line] = logged({ format: 'json' }, (log) => log.warn({ slo: 'checkout', firedAt: 5 }, 'alert fired'))
  const { time, ...entry } = JSON.parse(line)
  assert.deepEqual(entry, { level: 'warn', slo: 'checkout', firedAt: 5, msg: 'alert fired' })
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.ok(line.endsWith('}\n'))
})

test('leaves out what is below its level', () => {
  const lines = logged({ level: 'warn' }, (log) => {
    log.debug({}, 'a')
    log.info({}, 'b')
    log.warn({}, 'c')
    log.error({}, 'd')
  })
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ['c', 'd'],
  )
})

test('writes an error with message and stack', () => {
  const [line] = logged({}, (log) => log.error({ error: new Error('disk full') }, 'tick failed'))
  const { error } = JSON.parse(line)
  assert.equal(error.message, 'disk full')
  assert.match(error.stack, /pino-log\.test\.ts/)
})

test('prints no secret, wrapped or by name', () => {
  const fields = { url: secret('https://hooks.example.com/T0'), token: 'xoxb-1', smtp: { password: 'hunter2' } }
  for (const format of ['json', 'text'] as const) {
    const [line] = logged({ format }, (log) => log.info(fields, 'configured'))
    assert.doesNotMatch(line, /hooks|xoxb|hunter2/)
    assert.match(line, /<secret>/)
  }
})

test('writes for a terminal what a person reads first', () => {
  const [line] = logged({ format: 'text' }, (log) =>
    log.warn(
      { slo: 'checkout', rule: { burnRate: 14.4 }, why: 'it burns', error: new Error('no "route"') },
      'alert fired',
    ),
  )
  assert.match(
    line,
    /^\d\d:\d\d:\d\d WARN {2}alert fired slo=checkout rule=\{"burnRate":14\.4\} why="it burns" error="no \\"route\\""\n$/,
  )
})

function logged(settings: Partial<LogSettings>, act: (log: ReturnType<typeof pinoLog>) => void): string[] {
  const lines: string[] = []
  act(pinoLog({ level: 'info', format: 'json', ...settings }, { write: (line) => lines.push(line) }))
  return lines
}
