import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { AlertPolicy } from '../src/core/model/slo.ts'
import { builtInPolicies } from '../src/rules/built-in-policies.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { machine } from './measure.ts'
import { families } from './quality/families.ts'
import { type Figures, figuresOf, type Interval, type Paired, pairedDelays, type Quantiles } from './quality/figures.ts'
import { type Score, score } from './quality/score.ts'
import type { Played } from './quality/worker.ts'
import { profileNames, profiles, type Scenario } from './quality/world.ts'

const usage = `options of npm run bench -- quality
  --seeds N            worlds per family and profile (default 1; 10 make the 450 scenarios of docs/evidence.md)
  --from N             the first seed (default 201)
  --profiles A,B       of ${Object.keys(profiles).join(', ')} (default all)
  --families A,B       of ${Object.keys(families).join(', ')} (default all)
  --spread SECONDS     mean time between the failures of one client's burst (default 0: all at once)
  --evidence JSON      a third policy with these constants, such as '{"materiality":"50%"}'
  --workers N          threads (default 2)
  --by-family          also print each family`

/** The incident suite through the engine of production: how good the pages of each built-in policy are. */
export async function benchQuality(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seeds: { type: 'string', default: '1' },
      from: { type: 'string', default: '201' },
      profiles: { type: 'string', default: Object.keys(profiles).join(',') },
      families: { type: 'string', default: Object.keys(families).join(',') },
      spread: { type: 'string', default: '0' },
      evidence: { type: 'string' },
      workers: { type: 'string', default: '2' },
      'by-family': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const scenarios = scenariosOf(values)
  const policies = [...builtInPolicies, ...(await customPolicies(values.evidence))]
  console.log(
    `${machine()}; ${scenarios.length} scenarios of seven days after three of warm-up, one SLO of 99.9 % over 30 days,`,
  )
  console.log('five regions and the global scope, evaluated every 15 s. In brackets, 95 % of bootstrap draws.\n')
  const played = await playAll(scenarios, policies, Number(values.workers))
  const drawn = profileNames.filter((each) => scenarios.some(({ profile }) => profile === each))
  for (const profile of drawn.length > 1 ? ['all', ...drawn] : drawn) {
    print(
      `profile ${profile}`,
      played.filter(({ scenario }) => profile === 'all' || scenario.profile === profile),
      policies,
    )
  }
  if (!values['by-family']) return
  for (const family of new Set(scenarios.map((each) => each.family))) {
    print(
      `family ${family}`,
      played.filter(({ scenario }) => scenario.family === family),
      policies,
    )
  }
}

function scenariosOf(values: {
  readonly seeds: string
  readonly from: string
  readonly profiles: string
  readonly families: string
  readonly spread: string
}): Scenario[] {
  const first = Number(values.from)
  const asked = values.profiles.split(',')
  const wanted = profileNames.filter((each) => asked.includes(each))
  const told = values.families.split(',').filter((each) => Object.hasOwn(families, each))
  if (wanted.length === 0 || told.length === 0) throw new Error(usage)
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index)
  return seeds.flatMap((seed) =>
    told.flatMap((family) =>
      wanted.map((profile) => ({ family, profile, seed, spreadSeconds: Number(values.spread) })),
    ),
  )
}

/** The rules of the built-in policies under constants of one's own. */
async function customPolicies(evidence: string | undefined): Promise<AlertPolicy[]> {
  if (evidence === undefined) return []
  const [standard] = builtInPolicies.filter(({ name }) => name === 'standard')
  const document = {
    apiVersion: 'sloburn/v1',
    kind: 'AlertPolicy',
    metadata: { name: 'custom' },
    spec: {
      rules: [{ severity: 'page', long: '1h', short: '5m', budget: '2%' }],
      evidence: JSON.parse(evidence),
      allow: {},
    },
  }
  const { policies, problems } = await parseRules([{ name: 'evidence.yaml', text: JSON.stringify(document) }])
  const wrong = problems.filter(({ severity }) => severity === 'error')
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'))
  return policies.map((policy) => ({ ...policy, rules: standard.rules }))
}

/** Plays scenarios on several threads and answers in the order in which they were given. */
async function playAll(
  scenarios: readonly Scenario[],
  policies: readonly AlertPolicy[],
  threads: number,
): Promise<readonly Played[]> {
  const played = new Map<number, Played>()
  let next = 0
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./quality/worker.ts', import.meta.url), { workerData: { policies } })
    try {
      for (let index = next++; index < scenarios.length; index = next++) {
        played.set(index, await playOne(worker, scenarios[index]))
        if (process.stderr.isTTY) process.stderr.write(`\r${played.size}/${scenarios.length} `)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, scenarios.length)) }, work))
  if (process.stderr.isTTY) process.stderr.write('\r')
  return scenarios.map((_, index) => {
    const one = played.get(index)
    if (one === undefined) throw new Error(`scenario ${index} was not played`)
    return one
  })
}

async function playOne(worker: Worker, scenario: Scenario): Promise<Played> {
  return new Promise((resolve, reject) => {
    const done = (played: Played): void => {
      worker.off('error', reject)
      resolve(played)
    }
    worker.once('message', done)
    worker.once('error', reject)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage(scenario)
  })
}

function print(title: string, played: readonly Played[], policies: readonly AlertPolicy[]): void {
  const scores = new Map<string, readonly Score[]>(
    policies.map(({ name }) => [name, played.map((one) => score(one, name))]),
  )
  const incidents = [...scores.values()][0].reduce((sum, each) => sum + each.incidents.length, 0)
  console.log(`${title}: ${played.length} scenarios, ${incidents} incidents that must page`)
  const rows = [...scores].map(([name, of]) => [name, ...cells(figuresOf(of))])
  printTable([head, ...rows])
  const base = scores.get('workbook')
  for (const [name, of] of scores) {
    if (base !== undefined && name !== 'workbook')
      console.log(`  ${name} against workbook: ${pairedText(pairedDelays(of, base))}`)
  }
  console.log('')
}

const head = [
  'policy',
  'precision',
  'recall',
  'false pages/week',
  'pages/week',
  'delay p50/p90 s',
  'budget spent p50/p90',
  'reset p50/p90 s',
  'tickets found',
  'false tickets/week',
]

function cells(figures: Figures): string[] {
  return [
    interval(figures.precision),
    interval(figures.recall),
    interval(figures.falsePagesPerWeek),
    figures.notificationsPerWeek.toFixed(2),
    pair(figures.delaySeconds, 0),
    pair(figures.spent, 3),
    pair(figures.resetSeconds, 0),
    known(figures.ticketRecall, 2),
    figures.falseTicketsPerWeek.toFixed(2),
  ]
}

function interval({ value, low, high }: Interval): string {
  return Number.isNaN(value) ? '—' : `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
}

function pair({ median, p90 }: Quantiles, decimals: number): string {
  return `${known(median, decimals)}/${known(p90, decimals)}`
}

function known(value: number, decimals: number): string {
  return Number.isNaN(value) ? '—' : value.toFixed(decimals)
}

function pairedText({ incidents, notLater, median, p90, mean, gained, lost }: Paired): string {
  const share = known(100 * notLater, 0)
  return (
    `not later in ${share} % of ${incidents} incidents; later by ${known(median, 0)} s median, ${known(p90, 0)} s p90,` +
    ` ${known(mean, 0)} s mean; ${gained} more found, ${lost} fewer`
  )
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
}
