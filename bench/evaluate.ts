import { labelsOf } from '../src/core/model/labels.ts'
import type { Slo } from '../src/core/model/slo.ts'
import { silentRouting } from '../src/core/paging/routing.ts'
import { Engine } from '../src/engine/engine.ts'
import type { SampleBatch } from '../src/ports/sample-sink.ts'
import { sampleBatch } from '../src/ports/sample-sink.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { memoryStore } from '../src/simulation/memory-store.ts'
import { cpuSeconds, cpuSecondsOf, machine, median } from './measure.ts'

const step = 15_000
const start = Date.UTC(2026, 0, 1)
const slos = 3_334
const regions = ['eu-west-1', 'us-east-1', 'ap-south-1']
const warmUpSteps = 20
const measuredSteps = 60

/** Ticks of the whole engine: four rules per SLO, every region and the global scope, windows up to 30 days. */
export async function benchEvaluate(): Promise<void> {
  console.log(`${machine()}; CPU time, median of ${measuredSteps} ticks`)
  console.log(
    `${slos} SLOs × ${regions.length} regions = ${slos * regions.length} SLO-regions and ${slos} global scopes, 4 rules each\n`,
  )
  for (const [policy, burning] of [
    ['workbook', 0],
    ['workbook', 0.01],
    ['standard', 0],
    ['standard', 0.01],
  ] as const) {
    const { tickMs, appendUs } = await measure(burning, policy)
    console.log(
      `policy ${policy}, ${(100 * burning).toFixed(0).padStart(3)} % of SLOs burning: ${tickMs.toFixed(1)} ms a tick, ${(1_000 / tickMs).toFixed(0)} ticks per CPU second;` +
        ` ${appendUs.toFixed(2)} µs a sample appended`,
    )
  }
}

async function measure(burning: number, policy: string): Promise<{ tickMs: number; appendUs: number }> {
  const { store } = memoryStore()
  const engine = new Engine({ stepMs: step, delayMs: 0 }, await rules(policy), silentRouting, {
    store,
    now: () => Number.POSITIVE_INFINITY,
  })
  const batch = everySeries(engine)
  const ticks: number[] = []
  const appends: number[] = []
  for (let index = 0; index < warmUpSteps + measuredSteps; index++) {
    fill(batch, index, burning)
    appends.push(cpuSeconds(() => engine.sink.append(batch)))
    ticks.push(
      await cpuSecondsOf(async () => {
        while ((await engine.tick()) !== undefined);
      }),
    )
  }
  return {
    tickMs: median(ticks.slice(warmUpSteps)) * 1e3,
    appendUs: (median(appends.slice(warmUpSteps)) / batch.length) * 1e6,
  }
}

/** Two counters per SLO and region, in the order of a scrape of each region. */
function everySeries(engine: Engine): SampleBatch {
  const batch = sampleBatch(2 * slos * regions.length)
  for (const region of regions) {
    for (let slo = 0; slo < slos; slo++) {
      for (const metric of ['errors_total', 'requests_total']) {
        const labels = labelsOf([
          ['__name__', metric],
          ['service', `s${slo}`],
          ['region', region],
        ])
        batch.refs[batch.length++] = engine.sink.resolve(labels, { source: 'bench', region: undefined })
      }
    }
  }
  return batch
}

function fill(batch: SampleBatch, index: number, burning: number): void {
  batch.timesMs.fill(start + index * step)
  for (let place = 0; place < batch.length; place += 2) {
    const burns = (place / 2) % slos < burning * slos
    batch.values[place] = burns ? index * 200 : Math.floor(index / 10)
    batch.values[place + 1] = index * 1_000
  }
}

async function rules(policy: string): Promise<readonly Slo[]> {
  const documents = Array.from({ length: slos }, (_, slo) => ({
    apiVersion: 'sloburn/v1',
    kind: 'SLO',
    metadata: { name: `slo-${slo}` },
    spec: {
      service: `s${slo}`,
      objective: 99.9,
      window: '30d',
      indicator: { ratio: { bad: `errors_total{service="s${slo}"}`, total: `requests_total{service="s${slo}"}` } },
      alerting: { policy },
    },
  }))
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
  const parsed = await parseRules([{ name: 'bench.yaml', text }])
  if (parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems[0]))
  return parsed.slos
}
