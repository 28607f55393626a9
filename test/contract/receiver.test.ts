import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import type { Delivery } from '../../src/core/model/delivery.ts'
import type { Notification } from '../../src/core/model/notification.ts'
import { receiverFactories } from '../../src/delivery/receivers/registry.ts'
import { aDelivery, aNotification, aResolve } from '../support/delivery-messages.ts'
import { type ReceiverBench, receiverBenches } from './receiver-benches.ts'

const unaborted = new AbortController().signal

test('every kind of receiver is under the shared tests', () => {
  assert.deepEqual(receiverBenches.map(({ kind }) => kind).sort(), Object.keys(receiverFactories).sort())
})

for (const bench of receiverBenches) receiverContract(bench)

function receiverContract(bench: ReceiverBench): void {
  const delivery = (notification?: Notification): Delivery => aDelivery(notification, { recipient: bench.recipient })

  describe(`receiver contract, ${bench.kind}`, () => {
    test('delivers an open and a resolve', async (t) => {
      const { receiver, violations } = await bench.start(t)
      const open = await receiver.send(delivery(), unaborted)
      assert.equal(open.kind, 'delivered')
      const openReference = open.kind === 'delivered' ? (open.reference ?? null) : null
      const resolve = await receiver.send({ ...delivery(aResolve()), openReference }, unaborted)
      assert.equal(resolve.kind, 'delivered')
      assert.deepEqual(violations(), [])
    })

    test('names itself, its kind and at least one recipient', async (t) => {
      const { receiver } = await bench.start(t)
      assert.equal(receiver.name, 'oncall')
      assert.equal(receiver.kind, bench.kind)
      assert.deepEqual(receiver.recipients, [bench.recipient])
    })

    test('knows what every answer means', async (t) => {
      const { receiver, answer } = await bench.start(t)
      for (const [name, expected] of bench.answers) {
        answer(name)
        assert.deepEqual(await receiver.send(delivery(), unaborted), expected, `after ${name.slice(0, 80)}`)
      }
    })

    test('delivers again after a failure', async (t) => {
      const { receiver, answer } = await bench.start(t)
      answer('lose')
      await receiver.send(delivery(), unaborted)
      answer('take')
      assert.equal((await receiver.send(delivery(), unaborted)).kind, 'delivered')
    })

    test('tries again when nobody listens: nothing was sent', async (t) => {
      const { unreachable } = await bench.start(t)
      const outcome = await unreachable.send(delivery(), unaborted)
      assert.equal(outcome.kind, 'retry', JSON.stringify(outcome))
    })

    test('does not know what became of a message whose answer was lost', async (t) => {
      const { receiver, answer } = await bench.start(t)
      answer('lose')
      const outcome = await receiver.send(delivery(), unaborted)
      assert.equal(outcome.kind, 'ambiguous', JSON.stringify(outcome))
    })

    test('stops when its signal aborts, and does not know what became of the message', async (t) => {
      const { receiver, answer, nextMessage } = await bench.start(t)
      answer('hang')
      const control = new AbortController()
      const arrived = nextMessage()
      const outcome = receiver.send(delivery(), control.signal)
      await arrived
      control.abort(new Error('no answer within 10s'))
      assert.deepEqual(await outcome, { kind: 'ambiguous', reason: 'no answer within 10s' })
    })

    test('sends nothing when its signal was aborted before', async (t) => {
      const { receiver, identities } = await bench.start(t)
      const outcome = await receiver.send(delivery(), AbortSignal.abort(new Error('the process stops')))
      assert.notEqual(outcome.kind, 'delivered')
      assert.deepEqual(identities(), [])
    })

    test('sends a repeated message under the same identity, and another one under another', async (t) => {
      const { receiver, identities } = await bench.start(t)
      await receiver.send(delivery(), unaborted)
      await receiver.send({ ...delivery(), attempt: 2, maybeSent: true }, unaborted)
      await receiver.send(delivery(aResolve()), unaborted)
      // One that can look first whether the message is there makes no second one.
      const [first, ...later] = identities()
      const resolve = later.pop()
      assert.ok(first !== undefined && first !== '')
      assert.deepEqual(new Set([first, ...later]), new Set([first]))
      assert.notEqual(resolve, first)
    })

    test('delivers a message of hostile and endless words, cut to the limits of the far side', async (t) => {
      const { receiver, violations } = await bench.start(t)
      for (const notification of [hostile, endless]) {
        const outcome = await receiver.send(delivery(notification), unaborted)
        assert.equal(outcome.kind, 'delivered', JSON.stringify(outcome))
      }
      assert.deepEqual(violations(), [])
    })

    test('shows no secret, neither in an outcome nor when it is printed itself', async (t) => {
      const { receiver, unreachable, answer } = await bench.start(t)
      const seen = [inspect(receiver, { depth: 9, showHidden: true }), JSON.stringify(receiver)]
      seen.push(JSON.stringify(await unreachable.send(delivery(), unaborted)))
      for (const name of ['lose', ...bench.answers.keys()]) {
        answer(name)
        seen.push(JSON.stringify(await receiver.send(delivery(), unaborted)))
      }
      for (const word of bench.secrets) assert.ok(!seen.some((text) => text.includes(word)), `${word} was shown`)
    })

    test('prints nothing, whatever happens: what it would print could hold a secret', async () => {
      const script = fileURLToPath(new URL('../support/delivery-quiet-child.ts', import.meta.url))
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, bench.kind])
      assert.deepEqual({ stdout, stderr }, { stdout: 'done\n', stderr: '' })
    })
  })
}

const hostileWords = `<!channel> <@U1> <http://evil|ok> *b* _i_ ~s~ \`c\` &amp; </td><script>alert(1)</script> "\r\n.\r\nBcc: x@example.com\u202e\u0000`

const hostile = aNotification({
  slo: hostileWords,
  service: hostileWords,
  scope: hostileWords,
  description: hostileWords,
  labels: { [hostileWords]: hostileWords, __proto__: 'x', constructor: 'y' },
  runbook: 'javascript:alert(1)',
  dashboard: 'https://example.com/"><script>alert(1)</script>',
  window: hostileWords,
  regions: [{ region: hostileWords, burnRate: 1e300, state: 'stale', share: null }],
})

const endlessWords = '\u{1f525}&<'.repeat(50_000)

const endless = aNotification({
  slo: endlessWords,
  service: endlessWords,
  scope: endlessWords,
  description: endlessWords,
  labels: { a: endlessWords },
  runbook: `https://example.com/${endlessWords}`,
  dashboard: `https://example.com/${'x'.repeat(1_900)}`,
  window: endlessWords,
  regions: Array.from(
    { length: 1_000 },
    () => ({ region: endlessWords.slice(0, 3_000), burnRate: null, state: 'no-data', share: null }) as const,
  ),
})
