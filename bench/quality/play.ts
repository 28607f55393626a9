import { labelsOf } from '../../src/core/model/labels.ts'
import type { AlertPolicy, Severity, Slo } from '../../src/core/model/slo.ts'
import { type SampleBatch, sampleBatch } from '../../src/ports/sample-sink.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { replay } from '../../src/simulation/replay.ts'
import { tickSeconds, worldTicks } from './families.ts'
import { regionShares, type World } from './world.ts'

/** One alert as people saw it: in the ticks at which the engine could tell, which after a gap is later than it happened. */
export interface SeenAlert {
  readonly scope: string
  readonly severity: Severity
  readonly from: number
  /** `worldTicks` while it is open. */
  readonly to: number
}

/** By name of policy, the alerts of a world. */
export type Seen = Readonly<Record<string, readonly SeenAlert[]>>

const startMs = Date.UTC(2026, 0, 1)
const tickMs = tickSeconds * 1_000

/** Plays a world through the engine of production, once for all policies: they count the same, and decide each for itself. */
export async function play(world: World, policies: readonly AlertPolicy[]): Promise<Seen> {
  const { engine } = replay(await slosUnder(policies), tickMs)
  const feed = regionShares.map((_, region) => regionFeed(engine.sink, region))
  const seen = new Map<string, SeenAlert[]>(policies.map(({ name }) => [name, []]))
  const open = new Map<string, { readonly policy: string; readonly from: number }>()
  for (let tick = -1; tick < worldTicks; tick++) {
    for (const [region, { batch, counted }] of feed.entries()) {
      if (tick >= 0) count(world, region, tick, counted)
      if (world.story.gaps.some((gap) => gap.region === region && tick >= gap.from && tick < gap.to)) continue
      batch.timesMs.fill(startMs + (tick + 1) * tickMs)
      batch.values.set([counted.bad, counted.total])
      engine.sink.append(batch)
    }
    for (let result = await engine.tick(); result !== undefined; result = await engine.tick()) {
      for (const { id, resolvedAt } of result.episodes) {
        if ('cause' in id && id.cause !== undefined) continue
        const key = `${id.slo}/${id.scope}/${id.severity}`
        const opened = open.get(key)
        if (resolvedAt === null) open.set(key, { policy: id.slo, from: tick })
        else if (opened !== undefined) {
          seen.get(id.slo)?.push({ scope: id.scope, severity: id.severity, from: opened.from, to: tick })
          open.delete(key)
        }
      }
    }
  }
  for (const [key, { policy, from }] of open) {
    const [, scope, severity] = key.split('/')
    if (severity !== 'page' && severity !== 'ticket') continue
    seen.get(policy)?.push({ scope, severity, from, to: worldTicks })
  }
  return Object.fromEntries(seen)
}

interface Counted {
  bad: number
  total: number
}

/** At a reset the counters begin anew, and a part of what they had counted since the last sample is gone. */
function count({ story, bad, total }: World, region: number, tick: number, counted: Counted): void {
  const isReset = story.resets.includes(tick)
  if (isReset) Object.assign(counted, { bad: 0, total: 0 })
  const kept = isReset ? 0.5 : 1
  counted.bad += Math.floor(bad[region][tick] * kept)
  counted.total += Math.floor(total[region][tick] * kept)
}

function regionFeed(sink: ReturnType<typeof replay>['engine']['sink'], region: number) {
  const origin = { source: 'bench', region: undefined }
  const refs = ['bad_total', 'all_total'].map((metric) =>
    sink.resolve(
      labelsOf([
        ['__name__', metric],
        ['region', `r${region}`],
      ]),
      origin,
    ),
  )
  const batch: SampleBatch = sampleBatch(refs.length)
  batch.length = refs.length
  batch.refs.set(refs)
  return { batch, counted: { bad: 0, total: 0 } }
}

async function slosUnder(policies: readonly AlertPolicy[]): Promise<readonly Slo[]> {
  const documents = policies.map(({ name }) => ({
    apiVersion: 'sloburn/v1',
    kind: 'SLO',
    metadata: { name },
    spec: {
      service: 'shop',
      objective: 99.9,
      window: '30d',
      indicator: { ratio: { bad: 'bad_total', total: 'all_total' } },
    },
  }))
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
  const parsed = await parseRules([{ name: 'bench.yaml', text }])
  const [problem] = parsed.problems
  if (problem !== undefined) throw new Error(JSON.stringify(problem))
  return parsed.slos.map((slo) => {
    const policy = policies.find(({ name }) => name === slo.name)
    return policy === undefined ? slo : { ...slo, alerting: { ...slo.alerting, policy } }
  })
}
