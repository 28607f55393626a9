import type { DurationMs, EpochMs, Ratio } from '../../core/model/units.ts'
import type { Clock } from '../../ports/clock.ts'
import { openLoopbackServer } from './loopback-server.ts'

/** A service of the shop, and how busy it is. */
interface ShopService {
  readonly job: string
  readonly requestsPerSecond: number
  readonly errorRatio: Ratio
}

/** When a service fails, counted from the start of the shop, and for which share of its requests. */
export interface Breakage {
  readonly job: string
  readonly fromMs: DurationMs
  readonly toMs: DurationMs
  readonly errorRatio: Ratio
}

/** How much goes on in a shop, and when it breaks. */
export interface ShopSettings {
  readonly region: string
  /** Traffic relative to the other regions. */
  readonly size: number
  readonly breakages: readonly Breakage[]
  /** After this long the breakages come round again. */
  readonly periodMs: DurationMs
  readonly clock: Clock
}

/** A made service of one region. */
export interface Shop {
  /** Where its metrics can be scraped. */
  readonly metricsUrl: string
  close(): Promise<void>
}

const services: readonly ShopService[] = [
  { job: 'checkout', requestsPerSecond: 120, errorRatio: 0.0002 },
  { job: 'catalogue', requestsPerSecond: 400, errorRatio: 0.0001 },
]

/** Opens one region of a made-up shop: an HTTP server that exposes what its made-up traffic has counted so far. */
export async function openShop(settings: ShopSettings): Promise<Shop> {
  const traffic = services.map((service) => new Traffic(service, settings))
  const server = await openLoopbackServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    response.end(exposition(traffic))
  })
  return { metricsUrl: `${server.url}/metrics`, close: () => server.close() }
}

/** Counts the requests of one service up to the clock's time, second by second, so that errors start on the second. */
class Traffic {
  readonly service: ShopService
  readonly #settings: ShopSettings
  readonly #startedAt: EpochMs
  #countedTo: EpochMs
  #requests = 0
  #errors = 0

  constructor(service: ShopService, settings: ShopSettings) {
    this.service = service
    this.#settings = settings
    this.#startedAt = settings.clock.now()
    this.#countedTo = this.#startedAt
  }

  /** Requests answered well and badly since the start. */
  counted(): { good: number; bad: number } {
    for (const now = this.#settings.clock.now(); this.#countedTo + 1_000 <= now; this.#countedTo += 1_000) {
      const requests = this.service.requestsPerSecond * this.#settings.size
      this.#requests += requests
      this.#errors += requests * this.#errorRatio(this.#countedTo - this.#startedAt)
    }
    const bad = Math.floor(this.#errors)
    return { good: Math.floor(this.#requests) - bad, bad }
  }

  #errorRatio(sinceStartMs: DurationMs): Ratio {
    const { breakages, periodMs } = this.#settings
    const sincePeriodMs = sinceStartMs % periodMs
    const broken = breakages.find(
      ({ job, fromMs, toMs }) => job === this.service.job && sincePeriodMs >= fromMs && sincePeriodMs < toMs,
    )
    return broken?.errorRatio ?? this.service.errorRatio
  }
}

function exposition(traffic: readonly Traffic[]): string {
  const lines = traffic.flatMap((each) => {
    const { good, bad } = each.counted()
    const { job } = each.service
    return [
      `http_requests_total{service="${job}",code="200"} ${good}`,
      `http_requests_total{service="${job}",code="503"} ${bad}`,
    ]
  })
  return `${['# HELP http_requests_total Requests answered.', '# TYPE http_requests_total counter', ...lines].join('\n')}\n`
}
