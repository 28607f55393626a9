import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { run } from 'node:test'
import { spec, type TestEvent } from 'node:test/reporters'

/** The slowest file takes about a minute; one that takes this long hangs. */
const fileTimeoutMs = 5 * 60_000

/** Begins the reason of a skip that no setup could have prevented, such as data that is not part of the checkout. */
const optionalMark = 'optional: '

/**
 * Runs every test and prints one report that ends in node's own summary; answers whether all passed. Where `CI` is
 * set, a test that was skipped counts as failed, unless its reason is marked as optional: on the machine that judges,
 * nothing that can be installed may be missing.
 */
export async function runTests(): Promise<boolean> {
  const seen: Seen = { totals: new Map(), unrun: [], missing: 0, success: true }
  await pipeline(Readable.from(allEvents(seen)), new spec(), process.stdout, { end: false })
  const complete = seen.missing === 0 || !isCi()
  if (!complete)
    console.error(`\nCI is set and ${seen.missing} tests that should have run did not; see "not run" above`)
  return seen.success && complete && (seen.totals.get('tests') ?? 0) > 0
}

interface Seen {
  /** By the names that node's report uses: tests, pass, fail, … */
  readonly totals: Map<string, number>
  /** Tests skipped or left to do, each with its reason. */
  readonly unrun: string[]
  /** How many of them have no excuse. */
  missing: number
  success: boolean
}

/** The events of all groups as if they were one run: what failed, what did not run, and last of all the sums. */
async function* allEvents(seen: Seen): AsyncGenerator<TestEvent> {
  let lastSummary: TestEvent | undefined
  for (const group of groups()) {
    const events: AsyncIterable<TestEvent> = run({ ...group, timeout: fileTimeoutMs })
    for await (const event of events) {
      if (isGroupSummary(event)) lastSummary = event
      else if (!addToTotals(event, seen.totals)) yield event
      note(event, seen)
    }
  }
  if (lastSummary !== undefined) yield lastSummary
  for (const test of seen.unrun) yield diagnostic(`not run: ${test}`)
  for (const [name, sum] of seen.totals) yield diagnostic(`${name} ${sum}`)
}

/** Whole processes are timed by the real clock and want the machine for themselves, so they go last and one by one. */
function groups(): { files: string[]; concurrency: number }[] {
  const files = globSync('test/**/*.test.ts').toSorted()
  const whole = files.filter((file) => file.startsWith('test/e2e/'))
  const parts = files.filter((file) => !whole.includes(file))
  return [
    { files: parts, concurrency: availableParallelism() },
    { files: whole, concurrency: 1 },
  ].filter((group) => group.files.length > 0)
}

/** Each file has a summary too; only the group's belongs to no file. */
function isGroupSummary({ type, data }: TestEvent): boolean {
  return type === 'test:summary' && data.file === undefined
}

/** A group's counts come as lines such as `pass 12` that belong to no file. */
function addToTotals({ type, data }: TestEvent, totals: Map<string, number>): boolean {
  if (type !== 'test:diagnostic' || data.file !== undefined) return false
  const [, name, count] = /^([a-z_]+) ([\d.]+)$/.exec(data.message) ?? []
  if (name === undefined) return false
  totals.set(name, (totals.get(name) ?? 0) + Number(count))
  return true
}

function note({ type, data }: TestEvent, seen: Seen): void {
  if (type === 'test:summary' && !data.success) seen.success = false
  if (type !== 'test:pass' && type !== 'test:fail') return
  const mark = data.skip ?? data.todo
  if (mark === undefined || mark === false) return
  const reason = mark === true ? 'no reason given' : mark
  seen.unrun.push(`${data.file ?? ''}: ${data.name}: ${reason}`)
  if (!reason.startsWith(optionalMark)) seen.missing += 1
}

function diagnostic(message: string): TestEvent {
  return { type: 'test:diagnostic', data: { nesting: 0, level: 'info', message } }
}

function isCi(): boolean {
  return !['', 'false', '0'].includes(process.env.CI ?? '')
}
