import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { answerWith, type HttpFarSide, httpFarSide } from '../support/delivery-http-server.ts'
import { storeFolder } from '../support/store-folder.ts'

/** Points at which nobody can know whether the message arrived: it may come twice, under the same key. */
const unknownPoints = ['during send', 'before settle']

/** Points at which the outcome is known: the message comes exactly once. */
const knownPoints = ['before commit', 'after commit', 'before claim', 'after claim', 'after settle']

describe('a process killed with SIGKILL and started again', () => {
  for (const message of ['firing', 'resolved']) {
    for (const point of knownPoints) {
      test(`${message}, ${point}: both messages arrive exactly once`, async (t) => {
        const world = await started(t)
        await world.runUntilKilled(`${message} ${point}`)
        await world.runToEnd()
        assert.deepEqual(world.arrived(), ['firing', 'resolved'])
      })
    }

    for (const point of unknownPoints) {
      test(`${message}, ${point}: it arrives twice under the same key, the other once`, async (t) => {
        const world = await started(t)
        await world.runUntilKilled(`${message} ${point}`)
        await world.runToEnd()
        const expected = message === 'firing' ? ['firing', 'firing', 'resolved'] : ['firing', 'resolved', 'resolved']
        assert.deepEqual(world.arrived(), expected)
        assert.equal(new Set(world.far.requests.map(({ headers }) => headers['idempotency-key'])).size, 2)
      })
    }
  }

  test('again and again at every point: both messages arrive, in order, once more for each unknown outcome only', async (t) => {
    const world = await started(t)
    const points = ['firing', 'resolved'].flatMap((message) =>
      [
        'before commit',
        'after commit',
        'before claim',
        'after claim',
        'during send',
        'before settle',
        'after settle',
      ].map((point) => `${message} ${point}`),
    )
    for (const point of points) await world.runUntilKilled(point)
    await world.runToEnd()
    assert.deepEqual(world.arrived(), ['firing', 'firing', 'firing', 'resolved', 'resolved', 'resolved'])
  })
})

async function started(t: TestContext) {
  const far = await httpFarSide(t)
  const path = join(storeFolder(t), 'sloburn.db')

  async function runUntilKilled(point: string): Promise<void> {
    const child = start(t, path, far, point)
    if (point.endsWith('during send')) killOnRequest(far, child, point)
    const [, signal] = await once(child, 'exit')
    assert.equal(signal, 'SIGKILL', `was not killed at ${point}`)
    far.react(answerWith(200))
  }

  return {
    far,
    runUntilKilled,
    async runToEnd(): Promise<void> {
      const [code] = await once(start(t, path, far, 'nowhere'), 'exit')
      assert.equal(code, 0)
    },
    arrived: (): readonly string[] => far.requests.map(({ body }) => JSON.parse(body).status),
  }
}

function start(t: TestContext, path: string, far: HttpFarSide, point: string): ChildProcess {
  const script = fileURLToPath(new URL('../support/delivery-crash-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path, far.url, point], { stdio: ['ignore', 'inherit', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  return child
}

/** The far side has read the message and its sender dies before the answer. */
function killOnRequest(far: HttpFarSide, child: ChildProcess, point: string): void {
  far.react((request, response) => {
    if (JSON.parse(request.body).status === point.split(' ')[0]) child.kill('SIGKILL')
    else answerWith(200)(request, response)
  })
}
