import { setImmediate } from 'node:timers/promises'
import snappy from 'snappyjs'
import { exportFlushMs, exportQueueBytesMax, exportSamplesPerRequestMax } from '../core/model/limits.ts'
import type { EpochMs } from '../core/model/units.ts'
import { type HttpClient, httpClient } from '../ingest/http-exchange.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/meter.ts'
import type { OwnSample, OwnSeries } from '../ports/own-series.ts'
import type { Random } from '../ports/random.ts'
import type { RemoteWriteExportConfig } from './config.ts'
import { LivingSeries } from './living-series.ts'
import { sendWrite, type WriteOutcome } from './send-write.ts'
import { retryDelay, type WaitingWrite, WriteQueue } from './write-queue.ts'
import { encodeWriteRequest } from './write-request.ts'

/** What an export works with. */
export interface ExportWorld {
  readonly clock: Clock
  readonly log: Log
  readonly meter: Meter
  readonly random: Random
  readonly ownSeries: OwnSeries
}

/** An export that runs. */
export interface RunningExport {
  /** Marks every series as ended, sends what waits for as long as `exportFlushMs`, and ends. */
  stop(): Promise<void>
}

/**
 * Sends our own series to a store, at every multiple of the interval. Gathering and sending are two loops with a bounded
 * queue between them, so that a store that is away costs memory up to a limit and never the rhythm of the samples.
 */
export function startRemoteWriteExport(
  name: string,
  config: RemoteWriteExportConfig,
  world: ExportWorld,
): RunningExport {
  const { clock, log, meter, ownSeries } = world
  const queue = new WriteQueue(exportQueueBytesMax)
  const living = new LivingSeries(config.labels)
  const sender = startSender(name, config, queue, world)
  const stopping = new AbortController()

  const enqueue = async (samples: readonly OwnSample[], at: EpochMs): Promise<void> => {
    for (const part of living.turn(samples, exportSamplesPerRequestMax)) {
      const body = snappy.compress(encodeWriteRequest(part, at))
      const dropped = queue.push({ body, samples: part.length, at })
      if (dropped.length > 0) meter.count('sloburn_limit_hits_total', { limit: 'exportQueueBytesMax' })
      for (const write of dropped) countSamples(meter, name, 'dropped', write.samples)
      sender.wake()
      // Thousands of SLOs must not hold up a tick.
      await setImmediate()
    }
  }
  const gather = async (): Promise<void> => {
    for (
      let at = clock.now();
      !stopping.signal.aborted;
      at = await nextTurn(clock, config.intervalMs, stopping.signal)
    ) {
      try {
        await enqueue(await ownSeries(config.series), at)
      } catch (error) {
        log.error({ export: name, error }, 'own series could not be gathered; the next turn tries again')
      }
    }
  }
  const gathering = gather()
  return {
    stop: async () => {
      stopping.abort()
      await gathering
      await enqueue([], clock.now())
      await sender.stop()
    },
  }
}

/** Waits for the next multiple of the interval; answers at once when the export is stopped. */
async function nextTurn(clock: Clock, intervalMs: number, signal: AbortSignal): Promise<EpochMs> {
  const at = (Math.floor(clock.now() / intervalMs) + 1) * intervalMs
  await clock.sleepUntil(at, signal).catch(() => {})
  return at
}

interface Sender {
  /** There is something in the queue. */
  wake(): void
  /** Sends what is in the queue, within the time there is for that, and ends. */
  stop(): Promise<void>
}

/** Sends the queue's requests one after another: stores want the samples of a series in order. */
function startSender(
  name: string,
  config: RemoteWriteExportConfig,
  queue: WriteQueue,
  { clock, log, meter, random }: ExportWorld,
): Sender {
  const client: HttpClient = httpClient(config)
  const cutOff = new AbortController()
  let isStopping = false
  let woken = Promise.withResolvers<void>()
  const settle = (write: WaitingWrite, outcome: WriteOutcome): void => {
    queue.shift()
    meter.set('sloburn_export_queue_bytes', { export: name }, queue.bytes)
    countSamples(meter, name, outcome.kind === 'sent' ? 'sent' : 'rejected', write.samples)
    if (outcome.kind === 'sent') meter.set('sloburn_export_sent_timestamp_seconds', { export: name }, write.at / 1_000)
    else log.warn({ export: name, reason: outcomeReason(outcome) }, 'the store refused samples, which are lost to it')
  }
  const attempt = async (write: WaitingWrite, failures: number): Promise<number> => {
    const outcome = await sendWrite(write.body, { ...config, client }, cutOff.signal)
    meter.count('sloburn_export_requests_total', { export: name, outcome: outcome.kind })
    if (outcome.kind !== 'retry') {
      if (failures > 0) log.info({ export: name, failures }, 'the store takes samples again')
      settle(write, outcome)
      return 0
    }
    if (failures === 0) log.warn({ export: name, reason: outcome.reason }, 'the store takes no samples; trying again')
    const wait = outcome.afterMs ?? retryDelay(failures + 1, random)
    await clock.sleepUntil(clock.now() + wait, cutOff.signal)
    return failures + 1
  }
  const run = async (): Promise<void> => {
    let failures = 0
    for (;;) {
      const write = queue.first
      meter.set('sloburn_export_queue_bytes', { export: name }, queue.bytes)
      if (write !== undefined) failures = await attempt(write, failures)
      else if (isStopping) return
      else {
        await woken.promise
        woken = Promise.withResolvers()
      }
    }
  }
  const running = run().catch((error: unknown) => {
    if (!cutOff.signal.aborted) log.error({ export: name, error }, 'the export has ended')
  })
  return {
    wake: () => woken.resolve(),
    stop: async () => {
      isStopping = true
      woken.resolve()
      const rested = new AbortController()
      const timeUp = clock.sleepUntil(clock.now() + exportFlushMs, rested.signal).catch(() => {})
      await Promise.race([running, timeUp])
      rested.abort()
      cutOff.abort()
      await running
      for (const { samples } of queue.clear()) countSamples(meter, name, 'dropped', samples)
      meter.set('sloburn_export_queue_bytes', { export: name }, 0)
      client.close()
    },
  }
}

function outcomeReason(outcome: WriteOutcome): string {
  return outcome.kind === 'sent' ? '' : outcome.reason
}

function countSamples(meter: Meter, name: string, outcome: 'sent' | 'rejected' | 'dropped', samples: number): void {
  meter.count('sloburn_export_samples_total', { export: name, outcome }, samples)
}
