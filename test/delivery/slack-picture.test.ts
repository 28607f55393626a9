import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { pictureTimeoutMs } from '../../src/core/model/limits.ts'
import { secret } from '../../src/core/model/secret.ts'
import { burnChart } from '../../src/delivery/chart/burn-chart.ts'
import { slackReceiver } from '../../src/delivery/receivers/slack/send.ts'
import { receiverContext } from '../support/delivery-context.ts'
import { answerWith, httpFarSide, neverAnswer, type Reaction } from '../support/delivery-http-server.ts'
import { aDelivery, aNotification, aResolve, firedAt, incidentIn } from '../support/delivery-messages.ts'
import { recordingMeter } from '../support/delivery-recorders.ts'
import { type SlackFarSide, slackChannelId, slackFarSide } from '../support/delivery-slack-server.ts'
import { stories } from '../support/delivery-stories.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const unaborted = new AbortController().signal
const uploading = ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal']

describe('the picture of a page in Slack', () => {
  test('follows the words into their thread, and shows what the mail shows', async (t) => {
    const { slack, outcomes, send } = await started(t)
    const notification = incidentIn(stories.firing)
    await send(notification)
    assert.deepEqual(slack.calls, ['chat.postMessage', ...uploading])
    const chart = burnChart(notification)
    assert.deepEqual(slack.pictures, [
      {
        channel: slackChannelId,
        threadTs: slack.messages[0].ts,
        title: 'Burn rate',
        altText: chart?.alt,
        bytes: chart?.png.length,
      },
    ])
    assert.deepEqual(outcomes(), { shared: 1, failed: 0 })
  })

  test('comes again when somebody is told again, in the thread of the first message', async (t) => {
    const { slack, send, opened } = await started(t)
    await send(aNotification())
    await send(aNotification({ change: 'escalated', sev: 'SEV1', revision: 2 }), opened())
    await send(aResolve(), opened())
    const root = slack.messages[0].ts
    assert.deepEqual(
      slack.pictures.map(({ threadTs }) => threadTs),
      [root, root, root],
    )
  })

  test('is in the thread of the first message, also where that can no longer be changed', async (t) => {
    const { slack, send, opened } = await started(t)
    await send(aNotification())
    slack.http.react(failingOn('chat.update', { ok: false, error: 'edit_window_closed' }, slack))
    await send(aResolve(), opened())
    assert.deepEqual(new Set(slack.pictures.map(({ threadTs }) => threadTs)), new Set([slack.messages[0].ts]))
    assert.equal(slack.pictures.length, 2)
  })

  test('is left out of tickets, of updates, of what cannot be seen, and of what may have been told before', async (t) => {
    const { slack, send, opened } = await started(t)
    await send(aNotification({ severity: 'ticket' }))
    await send(aNotification({ change: 'updated', wakes: false, revision: 2 }), opened())
    await send(incidentIn(stories.blind))
    await send(aNotification(), { maybeSent: true, attempt: 2 })
    assert.deepEqual(slack.pictures, [])
    assert.ok(!slack.calls.includes('files.getUploadURLExternal'))
  })

  test('is asked for: without the setting nothing is uploaded', async (t) => {
    const { slack, send } = await started(t, false)
    await send(aNotification())
    assert.deepEqual(slack.calls, ['chat.postMessage'])
  })

  for (const [what, method, answer] of [
    ['Slack says that the scope is missing', 'files.getUploadURLExternal', { ok: false, error: 'missing_scope' }],
    ['Slack limits uploads', 'files.getUploadURLExternal', { ok: false, error: 'ratelimited' }],
    ['it cannot be shared', 'files.completeUploadExternal', { ok: false, error: 'fatal_error' }],
    ['the bytes are refused', '/upload/', 'no'],
    ['the answer is none', 'files.getUploadURLExternal', { ok: true }],
  ] as const) {
    test(`may be missing, the page is delivered: ${what}`, async (t) => {
      const { slack, send, outcomes } = await started(t)
      slack.http.react(failingOn(method, answer, slack))
      await send(aNotification())
      assert.equal(slack.messages.length, 1)
      assert.deepEqual(slack.pictures, [])
      assert.deepEqual(outcomes(), { shared: 0, failed: 1 })
    })
  }

  test('goes to no other place than Slack, whatever an answer says', async (t) => {
    const { slack, send, outcomes } = await started(t)
    const elsewhere = await httpFarSide(t)
    const answer = { ok: true, file_id: 'F1', upload_url: `${elsewhere.url}/upload/v1/F1` }
    slack.http.react(failingOn('files.getUploadURLExternal', answer, slack))
    await send(aNotification())
    assert.deepEqual(elsewhere.requests, [])
    assert.deepEqual(outcomes(), { shared: 0, failed: 1 })
  })

  test('is waited for no longer than its time, and the page is delivered', { timeout: 5_000 }, async (t) => {
    const { slack, clock, receiver, outcomes } = await started(t)
    const asked = slack.http.nextRequest()
    slack.http.react((request, response) => {
      if (request.path.includes('files.')) neverAnswer(request, response)
      else slack.work(request, response)
    })
    const sent = receiver.send(aDelivery(), unaborted)
    await asked
    await slack.http.nextRequest()
    await clock.advance(pictureTimeoutMs)
    assert.equal((await sent).kind, 'delivered')
    assert.deepEqual(outcomes(), { shared: 0, failed: 1 })
  })

  test('ends with the attempt, and the page is delivered', async (t) => {
    const { slack, receiver } = await started(t)
    const control = new AbortController()
    slack.http.react((request, response) => {
      if (request.path.includes('files.')) control.abort(new Error('stopping'))
      else slack.work(request, response)
    })
    assert.equal((await receiver.send(aDelivery(), control.signal)).kind, 'delivered')
  })
})

async function started(t: TestContext, picture = true) {
  const slack = await slackFarSide(t, 'xoxb-1')
  const clock = new VirtualClock(firedAt)
  const meter = recordingMeter()
  const settings = {
    token: secret('xoxb-1'),
    channel: slackChannelId,
    mention: [],
    signingSecret: undefined,
    picture,
    apiUrl: `${slack.http.url}/api`,
  }
  const receiver = slackReceiver('chat', settings, { ...receiverContext, clock, meter })
  return {
    slack,
    clock,
    receiver,
    outcomes: () => ({ shared: counted(meter.values, 'shared'), failed: counted(meter.values, 'failed') }),
    opened: () => ({ openReference: `${slackChannelId}:${slack.messages[0].ts}`, opens: false }),
    send: async (notification: Parameters<typeof aDelivery>[0], changes: Parameters<typeof aDelivery>[1] = {}) => {
      assert.equal((await receiver.send(aDelivery(notification, changes), unaborted)).kind, 'delivered')
      assert.deepEqual(slack.violations, [])
    },
  }
}

function counted(values: ReadonlyMap<string, number>, outcome: string): number {
  return values.get(`sloburn_message_pictures_total{receiver="chat",outcome="${outcome}"}`) ?? 0
}

/** What is asked for by this name is answered so, with a status of its own where the answer is a text. */
function failingOn(name: string, answer: object | string, slack: SlackFarSide): Reaction {
  return (request, response) => {
    if (!request.path.includes(name)) slack.work(request, response)
    else if (typeof answer === 'string') answerWith(500, {}, answer)(request, response)
    else answerWith(200, {}, JSON.stringify(answer))(request, response)
  }
}
