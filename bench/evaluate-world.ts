import { labelsOf } from '../src/core/model/labels.ts'
import type { CounterExpression } from '../src/core/model/selector.ts'
import type { Slo } from '../src/core/model/slo.ts'
import type { Engine } from '../src/engine/engine.ts'
import { type SampleBatch, sampleBatch } from '../src/ports/sample-sink.ts'
import { parseRules } from '../src/rules/parse-rules.ts'
import { chance } from './quality/chance.ts'

/** Time between two samples, and between two evaluations. */
export const stepMs = 15_000
export const start = Date.UTC(2026, 0, 31)
const dayMs = 86_400_000

const regions = [
  { name: 'eu-west-1', share: 0.6 },
  { name: 'us-east-1', share: 0.3 },
  { name: 'ap-south-1', share: 0.1 },
]

export const regionsPerSlo = regions.length

/** Requests a second of busy, middling and quiet services, of which there are as many each; and what always fails. */
const ratesPerSecond = [400, 8, 0.5]
const failing = 0.0002

/** SLOs as a rule file makes them, each over two counters of its own. */
export async function worldSlos(count: number, policy: string): Promise<readonly Slo[]> {
  const { slos, problems } = await parseRules([{ name: 'bench.yaml', text: ruleText(0, policy) }])
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  return Array.from({ length: count }, (_, index) => renamed(slos[0], index))
}

/** An SLO as people write it, over two counters of its own. */
export function ruleText(number: number, policy: string): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata:
  name: slo-${number}
spec:
  service: s${number}
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: errors_total{service="s${number}"}
      total: requests_total{service="s${number}"}
  alerting:
    policy: ${policy}
`
}

function renamed(slo: Slo, index: number): Slo {
  const { indicator } = slo
  if (indicator.kind !== 'events') throw new Error('not a ratio')
  const service = `s${index}`
  const signals = indicator.signals.map(({ name, counters }) => ({ name, counters: ofService(counters, service) }))
  return { ...slo, name: `slo-${index}`, service, indicator: { ...indicator, signals } }
}

function ofService({ terms }: CounterExpression, service: string): CounterExpression {
  return {
    terms: terms.map(({ sign, selector }) => ({
      sign,
      selector: {
        matchers: selector.matchers.map((matcher) =>
          matcher.label === 'service' ? { ...matcher, value: service } : matcher,
        ),
      },
    })),
  }
}

/** Where the counters of a world stand, for another process to go on with. */
export interface TrafficState {
  readonly steps: number
  readonly bad: Float64Array
  readonly total: Float64Array
}

/** The counters of every SLO in every region, sent step by step after 30 days of history. */
export class Traffic {
  readonly #batch: SampleBatch
  readonly #perStep: Float64Array
  readonly #burning: Uint8Array
  readonly #bad: Float64Array
  readonly #total: Float64Array
  readonly #chance = chance('evaluate')
  #steps = 0

  /** `burning` is the share of the SLOs that fail one request in twenty. */
  constructor(engine: Engine, slos: number, burning: number) {
    const places = slos * regions.length
    this.#batch = sampleBatch(2 * places)
    this.#perStep = new Float64Array(places)
    this.#burning = new Uint8Array(places)
    this.#bad = new Float64Array(places)
    this.#total = new Float64Array(places)
    let place = 0
    for (const { name, share } of regions) {
      for (let slo = 0; slo < slos; slo++) {
        this.#perStep[place] = ratesPerSecond[slo % ratesPerSecond.length] * share * (stepMs / 1_000)
        this.#burning[place] = slo < burning * slos ? 1 : 0
        place++
        for (const metric of ['errors_total', 'requests_total']) this.#resolve(engine, metric, name, slo)
      }
    }
  }

  get samples(): number {
    return this.#batch.length
  }

  /** The counters stood at zero 30 days before the first step, and have grown evenly since. */
  sendHistory(engine: Engine): void {
    this.#fill(start - 30 * dayMs)
    engine.sink.append(this.#batch)
    const steps = (30 * dayMs) / stepMs
    for (let place = 0; place < this.#total.length; place++) {
      this.#total[place] = Math.floor(this.#perStep[place] * steps)
      this.#bad[place] = Math.floor(this.#total[place] * failing)
    }
    this.#fill(start)
    engine.sink.append(this.#batch)
  }

  /** Draws the events of the next step. */
  draw(): void {
    this.#steps++
    for (let place = 0; place < this.#total.length; place++) {
      const mean = this.#perStep[place]
      const events = this.#chance.poisson(mean)
      this.#total[place] += events
      if (this.#burning[place] === 1) this.#bad[place] += this.#chance.binomial(events, 0.05)
      else if (this.#chance.uniform() < events * failing) this.#bad[place]++
    }
    this.#fill(start + this.#steps * stepMs)
  }

  get state(): TrafficState {
    return { steps: this.#steps, bad: this.#bad, total: this.#total }
  }

  /** Goes on where another left off, with its next step. */
  continueAfter({ steps, bad, total }: TrafficState): void {
    this.#steps = steps
    this.#total.set(total)
    this.#bad.set(bad)
    this.draw()
  }

  /** Sends what was drawn. */
  send(engine: Engine): void {
    engine.sink.append(this.#batch)
  }

  #resolve(engine: Engine, metric: string, region: string, slo: number): void {
    const labels = labelsOf([
      ['__name__', metric],
      ['service', `s${slo}`],
      ['region', region],
    ])
    this.#batch.refs[this.#batch.length++] = engine.sink.resolve(labels, { source: 'bench', region: undefined })
  }

  #fill(at: number): void {
    this.#batch.timesMs.fill(at)
    for (let place = 0; place < this.#total.length; place++) {
      this.#batch.values[2 * place] = this.#bad[place]
      this.#batch.values[2 * place + 1] = this.#total[place]
    }
  }
}
