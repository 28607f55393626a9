import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type RunningEngine, runEngine, type Start, type StartOptions } from '../../src/cli/run.ts'
import type { Problem } from '../../src/core/model/problem.ts'
import { capturedIo } from './captured-io.ts'

const problem: Problem = {
  code: 'RULE_NAME',
  severity: 'error',
  at: { file: 'a.yaml', line: 3, column: 5 },
  message: 'bad name',
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`stops the engine on ${signal} and ends with 0`, async (t) => {
    const io = capturedIo()
    const engine = anEngine()
    const ended = runEngine({ config: configFile(t) }, io, engine.start)
    await engine.started

    assert.equal(io.signal(signal), 1)

    assert.equal(await ended, 0)
    assert.deepEqual(engine.calls, ['stop'])
    assert.equal(io.signal('SIGTERM') + io.signal('SIGINT') + io.signal('SIGHUP'), 0, 'nobody listens any more')
  })
}

test('stops an engine that was told to while it was still starting', async (t) => {
  const io = capturedIo()
  const engine = anEngine()
  const opened = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const ended = runEngine({ config: configFile(t) }, io, async (options) => {
    begun.resolve()
    await opened.promise
    return engine.start(options)
  })
  await begun.promise
  io.signal('SIGTERM')
  opened.resolve()

  assert.equal(await ended, 0)
  assert.deepEqual(engine.calls, ['stop'])
})

test('hands config, its file and the environment to the app', async (t) => {
  const io = capturedIo({ HOME: '/root' })
  const engine = anEngine()
  const config = configFile(t)
  const ended = runEngine({ config }, io, engine.start)
  const options = await engine.started
  io.signal('SIGTERM')
  await ended

  assert.deepEqual(options.config.rules, [join(config, '..', 'rules')])
  assert.equal(options.configFile, config)
  assert.equal(options.env['HOME'], '/root')
})

test('reloads on SIGHUP, prints what was wrong, and goes on', async (t) => {
  const io = capturedIo()
  const engine = anEngine(async () => [problem])
  const ended = runEngine({ config: configFile(t) }, io, engine.start)
  await engine.started

  io.signal('SIGHUP')
  await engine.reloaded
  io.signal('SIGTERM')

  assert.equal(await ended, 0)
  assert.deepEqual(engine.calls, ['reload', 'stop'])
  assert.equal(io.err(), 'a.yaml:3:5: RULE_NAME bad name\n')
})

test('survives a reload that fails', async (t) => {
  const io = capturedIo()
  const engine = anEngine(async () => {
    throw new Error('disk full')
  })
  const ended = runEngine({ config: configFile(t) }, io, engine.start)
  await engine.started
  io.signal('SIGHUP')
  await engine.reloaded
  io.signal('SIGTERM')

  assert.equal(await ended, 0)
  assert.equal(io.err(), 'sloburn: not reloaded: disk full\n')
})

test('ends with 1 and all problems when the config is wrong, and starts nothing', async (t) => {
  const io = capturedIo()
  const engine = anEngine()
  assert.equal(await runEngine({ config: configFile(t, 'sorces: []') }, io, engine.start), 1)
  assert.match(io.err(), /MISSING_KEY "rules" is missing in the engine config\n.*sloburn\.yaml:1:1: UNKNOWN_KEY/)
  assert.deepEqual(engine.calls, [])
})

test('ends with 1 when the app finds the rules wrong', async (t) => {
  const io = capturedIo()
  assert.equal(await runEngine({ config: configFile(t) }, io, async () => ({ problems: [problem] })), 1)
  assert.match(io.err(), /RULE_NAME bad name/)
})

test('ends with 2 when there is no config', async () => {
  const io = capturedIo()
  assert.equal(await runEngine({ config: '/nowhere/sloburn.yaml' }, io, anEngine().start), 2)
  assert.equal(io.err(), '/nowhere/sloburn.yaml: FILE_NOT_FOUND there is no such file\n')
})

/** An engine that does nothing and remembers what it was told. */
function anEngine(reload: RunningEngine['reload'] = async () => []) {
  const calls: string[] = []
  const started = Promise.withResolvers<StartOptions>()
  const reloaded = Promise.withResolvers<void>()
  const start: Start = async (options) => {
    // The caller takes the engine into use before this is seen.
    setImmediate(() => started.resolve(options))
    return {
      url: 'http://127.0.0.1:9712',
      reload: () => {
        calls.push('reload')
        const done = reload()
        // After whoever asked has printed the answer.
        void done.catch(() => {}).then(() => setImmediate(reloaded.resolve))
        return done
      },
      stop: async () => void calls.push('stop'),
    }
  }
  return { start, calls, started: started.promise, reloaded: reloaded.promise }
}

function configFile(t: TestContext, text = 'rules: [rules]'): string {
  const directory = mkdtempSync(join(tmpdir(), 'sloburn-run-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'sloburn.yaml')
  writeFileSync(file, text)
  return file
}
