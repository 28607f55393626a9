import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type AlertHook, alertHook } from './alert-hook.ts'
import { type AlertSide, aSide, type SideName } from './alert-sides.ts'
import { answerWith, cutConnection, neverAnswer } from './delivery-http-server.ts'

/** One harmful behaviour: the same script against both, and what each comes to. */
export interface AlertmanagerCase {
  readonly id: `R${number}`
  readonly title: string
  readonly alertmanager: string
  readonly sloburn: string
  readonly run: (t: TestContext, side: SideName) => Promise<string>
}

const page = 'checkout eu page'

/** Table 1.6 of what is known to go wrong. Times are short, and the waits generous, so that a busy machine tells the same. */
export const alertmanagerCases: readonly AlertmanagerCase[] = [
  {
    id: 'R1',
    title: 'killed with SIGKILL after the page went out, and started again',
    alertmanager: '2 pages',
    sloburn: '1 page',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook] })
      await side.start()
      await side.fire(page)
      await hook.sees(1, 'the page')
      await wait(500)
      await side.kill()
      await side.start()
      await side.still(page)
      await wait(3_000)
      return pages(hook.count('firing'))
    },
  },
  {
    id: 'R2',
    title: 'the incident ends while nothing runs',
    alertmanager: 'firing',
    sloburn: 'firing, resolved',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook] })
      await side.start()
      await side.fire(page)
      await hook.sees(1, 'the page')
      await wait(500)
      await side.stop()
      await side.start()
      await side.foundOver(page)
      await wait(3_000)
      return stream(hook)
    },
  },
  {
    id: 'R3',
    title: 'silenced after it was told, then it ends',
    alertmanager: 'firing',
    sloburn: 'firing, resolved',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook] })
      await side.start()
      await side.fire(page)
      await hook.sees(1, 'the page')
      await side.silence(10, page)
      await wait(1_500)
      await side.resolve(page)
      await wait(4_000)
      return stream(hook)
    },
  },
  {
    id: 'R4',
    title: 'it fires and ends within group_wait',
    alertmanager: 'nothing',
    sloburn: 'firing, resolved',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook], groupWait: 3 })
      await side.start()
      await side.fire(page)
      await wait(500)
      await side.resolve(page)
      await wait(5_000)
      return stream(hook)
    },
  },
  {
    id: 'R5',
    title: 'the receiver answers 429 with Retry-After: 1',
    alertmanager: 'sent again after a whole group_interval',
    sloburn: 'sent again when it was asked for',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook', (index) => answerWith(index === 0 ? 429 : 200, { 'retry-after': '1' }))
      const side = aSide(t, name, { hooks: [hook], groupInterval: 10 })
      await side.start()
      await side.fire(page)
      await hook.sees(2, 'the second attempt')
      const pause = hook.requests[1].at - hook.requests[0].at
      if (pause < 900) return 'sent again too early'
      return pause < 5_000 ? 'sent again when it was asked for' : 'sent again after a whole group_interval'
    },
  },
  {
    id: 'R6',
    title: 'the connection is reset after the receiver took the message',
    alertmanager: '2 messages that nothing tells apart from two',
    sloburn: '2 messages of 1 Idempotency-Key',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook', (index) => (index === 0 ? cutConnection : answerWith(200)))
      const side = aSide(t, name, { hooks: [hook] })
      await side.start()
      await side.fire(page)
      await hook.sees(2, 'the second attempt')
      return identified(hook)
    },
  },
  {
    id: 'R7',
    title: 'two replicas, the receiver answers 500 for a while',
    alertmanager: '2 pages',
    sloburn: '1 page',
    run: async (t, name) => {
      // It fails until each replica has tried, whenever that is: then both are past asking whether somebody else was faster.
      const tried = new Set<string>()
      const hook = await alertHook(t, 'hook', () => (request, response) => {
        const hasFailed = tried.size === 2
        tried.add(request.path)
        answerWith(hasFailed ? 200 : 500)(request, response)
      })
      const both = await pair(t, name, hook, [23_811, 23_812], 1)
      await Promise.all(both.map((side) => side.fire(page)))
      const takenFrom = () => new Set(hook.requests.filter(({ taken }) => taken).map(({ path }) => path))
      await hook.until(() => takenFrom().size === 2, 'both get through', 60_000)
      await wait(1_000)
      return pages(hook.effective().filter(({ status }) => status === 'firing').length)
    },
  },
  {
    id: 'R8',
    title: 'two replicas, it ends near a flush',
    alertmanager: 'firing, resolved, firing, resolved',
    sloburn: 'firing, resolved',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const [one, other] = await pair(t, name, hook, [23_821, 23_822], 3)
      await Promise.all([one.fire(page), other.fire(page)])
      await wait(9_000)
      await one.resolve(page)
      await wait(2_000)
      await other.resolve(page)
      await wait(24_000)
      return hook
        .effective()
        .map(({ status }) => status)
        .join(', ')
    },
  },
  {
    id: 'R9',
    title: 'two replicas that do not see each other',
    alertmanager: '2 messages that nothing tells apart from two',
    sloburn: '2 messages of 1 Idempotency-Key',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const both = [aSide(t, name, { hooks: [hook] }), aSide(t, name, { hooks: [hook] })]
      await Promise.all(both.map((side) => side.start()))
      await Promise.all(both.map((side) => side.fire(page)))
      await hook.sees(2, 'both pages')
      return identified(hook)
    },
  },
  {
    id: 'R10',
    title: 'a page inhibits a ticket; after a restart the ticket comes first',
    alertmanager: 'the ticket is sent',
    sloburn: 'the ticket is not sent',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook], inhibits: true })
      await side.start()
      await side.fire(page)
      await hook.sees(1, 'the page')
      await side.fire('search eu ticket')
      await wait(1_500)
      await side.stop()
      await side.start()
      await side.still('search eu ticket')
      await wait(1_500)
      await side.still(page)
      await wait(2_500)
      return hook.requests.some(({ slo }) => slo === 'search') ? 'the ticket is sent' : 'the ticket is not sent'
    },
  },
  {
    id: 'R11',
    title: 'another receiver of the same route hangs, then a second region burns',
    alertmanager: 'the good receiver hears of it after the other has timed out',
    sloburn: 'the good receiver hears of it at once',
    run: async (t, name) => {
      const hook = await alertHook(t, 'good')
      const hanging = await alertHook(t, 'hanging', () => neverAnswer)
      const side = aSide(t, name, { hooks: [hook, hanging], groupInterval: 2 })
      await side.start()
      await side.fire(page)
      await hook.sees(1, 'the page')
      await hanging.sees(1, 'the page at the one that hangs')
      const joinedAt = Date.now()
      await side.fire('checkout us page')
      await hook.sees(2, 'the second region')
      const heard = hook.requests[1].at - joinedAt
      return `the good receiver hears of it ${heard < 5_000 ? 'at once' : 'after the other has timed out'}`
    },
  },
  {
    id: 'R12',
    title: 'one bad alert in a batch; for sloburn, a write that fails in the middle',
    alertmanager: 'answers 400 and keeps 2 of 3',
    sloburn: 'stores nothing of it, and all of it when it is decided again',
    run: async (t, name) => {
      const hook = await alertHook(t, 'hook')
      const side = aSide(t, name, { hooks: [hook] })
      await side.start()
      const outcome = await side.pushWithOneBad(page, 'search eu page')
      await hook.sees(2, 'the good ones')
      await wait(500)
      if (hook.requests.length > 2) return `${outcome}; ${hook.requests.length} messages`
      return outcome
    },
  },
]

/** Two that share one receiver; Alertmanagers form a cluster. */
async function pair(
  t: TestContext,
  name: SideName,
  hook: AlertHook,
  ports: readonly [number, number],
  peerTimeout: number,
) {
  const [first, second] = ports.map((port) => `127.0.0.1:${port}`)
  const common = { groupInterval: 10, peerTimeout }
  // One receiver at one address, with a word behind it that tells who sends.
  const hooks = (who: string) => [{ name: hook.name, url: `${hook.url}/${who}` }]
  const one: AlertSide = aSide(t, name, { ...common, hooks: hooks('one'), cluster: [first] })
  const other: AlertSide = aSide(t, name, { ...common, hooks: hooks('other'), cluster: [second, first] })
  await one.start()
  await other.start()
  if (name === 'Alertmanager') await wait(4_000)
  return [one, other] as const
}

function pages(count: number): string {
  return count === 1 ? '1 page' : `${count} pages`
}

function stream({ requests }: AlertHook): string {
  return requests.length === 0 ? 'nothing' : requests.map(({ status }) => status).join(', ')
}

function identified({ requests }: AlertHook): string {
  const ids = new Set(requests.flatMap(({ id }) => id ?? []))
  const messages = `${requests.length} messages`
  return ids.size === 0 ? `${messages} that nothing tells apart from two` : `${messages} of ${ids.size} Idempotency-Key`
}
