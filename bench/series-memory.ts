import { labelsOf } from '../src/core/model/labels.ts'
import { Counting } from '../src/engine/counting.ts'
import { SampleIntake } from '../src/engine/sample-intake.ts'
import { sampleBatch } from '../src/ports/sample-sink.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { cpuSeconds, machine } from './measure.ts'

const seriesCount = 200_000
const start = Date.UTC(2026, 0, 1)
const step = 15_000

/** Bytes that a wanted series costs the engine, and what it takes to know one and to book its samples. */
export async function benchSeriesMemory(): Promise<void> {
  console.log(`${machine()}; ${seriesCount} series of 9 labels, an instance and a pod of its own each, 100 SLOs\n`)
  const counting = new Counting(step)
  counting.setSlos(await hundredSlos())
  const intake = new SampleIntake(counting, () => Number.POSITIVE_INFINITY)
  const before = heldBytes()
  const batch = sampleBatch(seriesCount)
  const resolveSeconds = cpuSeconds(() => {
    for (let index = 0; index < seriesCount; index++) {
      batch.refs[batch.length++] = intake.resolve(labelsOfSeries(index), { source: 'bench', region: undefined })
    }
  })
  for (let round = 0; round < 8; round++) append(intake, batch, round)
  const held = heldBytes() - before - batch.refs.byteLength - 3 * batch.timesMs.byteLength - batch.stale.byteLength
  console.log(`${(held / seriesCount).toFixed(0)} bytes a series, of which`)
  console.log(
    `  ${((counting.series.byteLength + intake.held.labels.byteLength) / seriesCount).toFixed(0)} in typed arrays`,
  )
  console.log(
    `  ${(intake.held.labels.pairs / seriesCount).toFixed(2)} labels that no other series has or had before it`,
  )
  console.log(`${((resolveSeconds / seriesCount) * 1e6).toFixed(2)} µs to take up a new series`)
  const again = cpuSeconds(() => {
    for (let index = 0; index < seriesCount; index++) {
      intake.resolve(labelsOfSeries(index), { source: 'bench', region: undefined })
    }
  })
  console.log(`${((again / seriesCount) * 1e6).toFixed(2)} µs to find a known one, its labels made included`)
  const rounds = 40
  const appendSeconds = cpuSeconds(() => {
    for (let round = 8; round < 8 + rounds; round++) append(intake, batch, round)
  })
  console.log(`${((appendSeconds / seriesCount / rounds) * 1e9).toFixed(0)} ns to book a sample`)
  const changed = cpuSeconds(() => intake.rulesChanged())
  console.log(`${((changed / seriesCount) * 1e6).toFixed(2)} µs a series to match all of them with other rules`)
}

function append(intake: SampleIntake, batch: ReturnType<typeof sampleBatch>, round: number): void {
  batch.timesMs.fill(start + round * step)
  for (let index = 0; index < seriesCount; index++) batch.values[index] = (index % 50) * round
  intake.append(batch)
}

function heldBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function labelsOfSeries(index: number) {
  return labelsOf([
    ['__name__', 'http_requests_total'],
    ['code', index % 10 === 0 ? '500' : '200'],
    ['handler', `/api/v1/resource/${index % 7}`],
    ['instance', `10.0.${(index >> 8) % 256}.${index % 256}:8080`],
    ['job', `service-${index % 100}`],
    ['method', index % 2 === 0 ? 'GET' : 'POST'],
    ['namespace', 'production'],
    ['pod', `service-${index % 100}-7d9f8b6c5d-${index}`],
    ['region', ['eu-west-1', 'us-east-1', 'ap-south-1'][index % 3]],
  ])
}

async function hundredSlos() {
  const documents = Array.from({ length: 100 }, (_, service) => ({
    apiVersion: 'sloburn/v1',
    kind: 'SLO',
    metadata: { name: `service-${service}` },
    spec: {
      service: `service-${service}`,
      objective: 99.9,
      window: '30d',
      indicator: {
        ratio: {
          bad: `http_requests_total{job="service-${service}",code=~"5.."}`,
          total: `http_requests_total{job="service-${service}"}`,
        },
      },
    },
  }))
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  return slos
}
