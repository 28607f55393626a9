/** Event time between two scrapes: 15 min of soak are some 20 h of it. */
export const scrapeMs = 60_000

const seriesPerPod = 20
const services = 100
const regions = ['eu-west-1', 'us-east-1', 'ap-south-1']

/** A pod is a target: it restarts, is not reached for a while, and goes for good. */
interface Pod {
  readonly name: number
  readonly service: number
  bornAt: number
  /** Not scraped before this round. */
  absentUntil: number
  readonly series: Series[]
}

interface Series {
  readonly labels: Buffer
  readonly isBad: boolean
  value: number
  /** The last value that was sent; undefined before the first. */
  sent: number | undefined
}

/** What the world has counted, by SLO. */
export interface Truth {
  bad: number
  total: number
}

/** Figures of what happened, for people. */
export interface WorldFigures {
  readonly rounds: number
  readonly samples: number
  readonly seriesEver: number
  readonly restarts: number
  readonly absences: number
}

/**
 * A world of counters with churn: pods come and go, restart, are away for some scrapes, and show some of their series only
 * later. It knows what an engine must have counted, from the rules of docs/counting.md alone.
 */
export class SoakWorld {
  readonly truth: Truth[] = Array.from({ length: services }, () => ({ bad: 0, total: 0 }))
  readonly #pods: Pod[] = []
  readonly #startMs: number
  #random: number
  #names = 0
  #round = -1
  #samples = 0
  #series = 0
  #restarts = 0
  #absences = 0

  constructor(series: number, startMs: number, seed: number) {
    this.#startMs = startMs
    this.#random = seed
    for (let pods = 0; pods < series / seriesPerPod; pods++) this.#pods.push(this.#newPod())
  }

  /** The time of the newest samples. */
  get now(): number {
    return this.#startMs + this.#round * scrapeMs
  }

  get figures(): WorldFigures {
    const { ...counts } = { rounds: this.#round + 1, samples: this.#samples, seriesEver: this.#series }
    return { ...counts, restarts: this.#restarts, absences: this.#absences }
  }

  /** Goes on by one scrape; in a quiet round nothing comes, goes or restarts. Hands over the samples of each pod. */
  *scrape(isQuiet: boolean): Iterable<readonly [labels: Buffer, value: number]> {
    this.#round++
    if (!isQuiet && this.#round > 5) this.#churn()
    for (const pod of this.#pods) {
      const isAbsent = this.#round < pod.absentUntil
      for (const series of pod.series) {
        series.value += this.#draw(50)
        if (isAbsent) continue
        this.#count(pod, series)
        this.#samples++
        yield [series.labels, series.value]
      }
    }
  }

  #count(pod: Pod, series: Series): void {
    const isLater = this.#round > pod.bornAt
    // A first sight of a pod counts from its first values; a series that it shows later counts from zero.
    const counted = series.sent === undefined ? (isLater ? series.value : 0) : increment(series.sent, series.value)
    const truth = this.truth[pod.service]
    truth.total += counted
    if (series.isBad) truth.bad += counted
    series.sent = series.value
  }

  #churn(): void {
    const pods = this.#pods.length
    for (let replaced = 0; replaced < pods / 200; replaced++) this.#pods[this.#draw(pods)] = this.#newPod()
    for (let restarted = 0; restarted < pods / 400; restarted++) {
      const pod = this.#pods[this.#draw(pods)]
      // A restart that nobody could see, because the counter is higher than before, is lost with every collector.
      if (pod.series.some(({ sent = 0 }) => sent < 100)) continue
      for (const series of pod.series) series.value = this.#draw(40)
      this.#restarts++
    }
    for (let away = 0; away < pods / 400; away++) {
      const pod = this.#pods[this.#draw(pods)]
      if (this.#round <= pod.bornAt || this.#round < pod.absentUntil) continue
      pod.absentUntil = this.#round + 1 + this.#draw(8)
      this.#absences++
    }
    for (let shown = 0; shown < pods / 400; shown++) {
      const pod = this.#pods[this.#draw(pods)]
      const isSettled = this.#round - pod.bornAt > 4 && this.#round >= pod.absentUntil + 2
      if (isSettled && pod.series.length < seriesPerPod + 2) pod.series.push(this.#newSeries(pod, pod.series.length))
    }
  }

  #newPod(): Pod {
    const name = this.#names++
    const pod: Pod = { name, service: name % services, bornAt: this.#round, absentUntil: 0, series: [] }
    if (this.#round < 0) pod.bornAt = 0
    for (let index = 0; index < seriesPerPod; index++) pod.series.push(this.#newSeries(pod, index))
    return pod
  }

  #newSeries({ name, service }: Pod, index: number): Series {
    this.#series++
    const isBad = index % 10 === 0
    const labels = [
      ['__name__', 'http_requests_total'],
      ['code', isBad ? '500' : '200'],
      ['handler', `/api/v1/resource/${index % 10}`],
      ['instance', `10.${(name >> 16) % 256}.${(name >> 8) % 256}.${name % 256}:8080`],
      ['job', `service-${service}`],
      ['method', ['GET', 'POST', 'PUT'][Math.floor(index / 10)] ?? ''],
      ['namespace', 'production'],
      ['pod', `service-${service}-7d9f8b6c5d-${name}`],
      ['region', regions[name % regions.length] ?? ''],
    ]
    return { labels: Buffer.concat(labels.map(labelMessage)), isBad, value: this.#draw(1_000), sent: undefined }
  }

  /** A whole number below a bound, by a linear congruence, so that each run sees the same. */
  #draw(bound: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#random / 2 ** 32) * bound)
  }
}

function increment(earlier: number, later: number): number {
  return later < earlier ? later : later - earlier
}

function labelMessage([name = '', value = '']: readonly string[]): Buffer {
  const content = Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])
  return field(1, content)
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2, content.length), content])
}
