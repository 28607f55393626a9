import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type AlertHook, alertHook, type HookScript } from '../support/alert-hook.ts'
import { type AlertSide, alertmanager, aSide, type SideName, type SideSetup } from '../support/alert-sides.ts'
import { answerWith, neverAnswer } from '../support/delivery-http-server.ts'

/** The same pushes to both, and what the receiver of each is told. */
interface Story {
  readonly title: string
  readonly setup?: Partial<SideSetup>
  readonly script?: HookScript
  readonly tell: (side: AlertSide, hook: AlertHook) => Promise<void>
  /** What is compared; every message with its SLO, where it is not given. */
  readonly heard?: (hook: AlertHook, since: number) => unknown
  /** What both must come to: two that are wrong alike are not right. */
  readonly expected: unknown
}

const page = 'checkout eu page'

const stories: readonly Story[] = [
  {
    title: 'merge: an alert that is pushed again is the same, and one that comes again after its end is another',
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(1, 'the beginning')
      await side.still(page)
      await wait(1_500)
      await side.resolve(page)
      await hook.sees(2, 'the end')
      await side.fire(page)
      await hook.sees(3, 'the next beginning')
      await side.resolve(page)
      await hook.sees(4, 'the next end')
      await wait(2_000)
    },
    expected: ['firing checkout', 'resolved checkout', 'firing checkout', 'resolved checkout'],
  },
  {
    title: 'repeat: a page that goes on is said again',
    setup: { repeatEvery: 3 },
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(3, 'two repetitions')
    },
    // A busy machine makes any of them late, and none early.
    heard: ({ requests }, since) => [1, 2].every((index) => requests[index].at - since > index * 3_000 - 500),
    expected: true,
  },
  {
    title: 'batching: what burns together is one message, and one end',
    tell: async (side, hook) => {
      await side.fire(page, 'checkout us page')
      await hook.sees(1, 'the beginning')
      await wait(1_500)
      await side.resolve(page, 'checkout us page')
      await hook.sees(2, 'the end')
      await wait(1_500)
    },
    expected: ['firing checkout', 'resolved checkout'],
  },
  {
    title: 'silence: what is silenced from before it fires is not told, and neither is its end',
    tell: async (side, hook) => {
      await side.silence(10, page)
      await side.fire(page)
      await wait(1_500)
      await side.resolve(page)
      await side.fire('search eu page')
      await hook.sees(1, 'another one')
      await wait(2_000)
    },
    expected: ['firing search'],
  },
  {
    title: 'silence: when it ends, what still burns is told',
    tell: async (side, hook) => {
      await side.silence(5 / 60, page)
      await side.fire(page)
      await wait(1_000)
      assert.equal(hook.requests.length, 0)
      await hook.sees(1, 'the beginning')
      await wait(1_500)
    },
    expected: ['firing checkout'],
  },
  {
    title: 'inhibition: a page keeps the ticket of its region quiet until it ends',
    setup: { inhibits: true },
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(1, 'the page')
      await side.fire('search eu ticket', 'cart us ticket')
      await hook.sees(2, 'the ticket of the other region')
      await wait(1_500)
      await side.resolve(page)
      await hook.sees(4, 'the end of the page, and the ticket')
      await wait(1_500)
    },
    heard: ({ requests }) => [
      ...requests.slice(0, 2).map(({ status, slo }) => `${status} ${slo}`),
      ...requests
        .slice(2)
        .map(({ status, slo }) => `${status} ${slo}`)
        .sort(),
    ],
    expected: ['firing checkout', 'firing cart', 'firing search', 'resolved checkout'],
  },
  {
    title: 'reload: in the middle of it nobody is told again, and the end is told',
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(1, 'the page')
      await wait(500)
      await side.reload()
      await side.still(page)
      await wait(2_500)
      await side.resolve(page)
      await hook.sees(2, 'the end')
      await wait(1_500)
    },
    expected: ['firing checkout', 'resolved checkout'],
  },
  {
    title: 'cold start: stopped in order and started again, nobody is told again, and the end is told',
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(1, 'the page')
      await wait(500)
      await side.stop()
      await side.start()
      await side.still(page)
      await wait(2_500)
      await side.resolve(page)
      await hook.sees(2, 'the end')
      await wait(1_500)
    },
    expected: ['firing checkout', 'resolved checkout'],
  },
  {
    title: 'time-out: a webhook that does not answer is given up after some ten seconds and tried again',
    script: (index) => (index === 0 ? neverAnswer : answerWith(200)),
    tell: async (side, hook) => {
      await side.fire(page)
      await hook.sees(2, 'the second attempt')
      await wait(1_500)
    },
    heard: (hook) => [hook.requests.length, hook.effective().length],
    expected: [2, 1],
  },
]

describe('where Alertmanager is right, the same pushes are told alike', { concurrency: 6, timeout: 120_000 }, () => {
  for (const story of stories) {
    for (const side of ['Alertmanager', 'sloburn'] as const) {
      const skip = side === 'Alertmanager' ? alertmanager.skip : false
      test(`${story.title}: ${side}`, { skip }, async (t) => {
        assert.deepEqual(await told(t, story, side), story.expected)
      })
    }
  }
})

async function told(
  t: TestContext,
  { setup = {}, script, tell, heard = inWords }: Story,
  name: SideName,
): Promise<unknown> {
  const hook = await alertHook(t, 'hook', script)
  const side = aSide(t, name, { hooks: [hook], ...setup })
  await side.start()
  const since = Date.now()
  await tell(side, hook)
  return heard(hook, since)
}

function inWords({ requests }: AlertHook): readonly string[] {
  return requests.map(({ status, slo }) => `${status} ${slo}`)
}
