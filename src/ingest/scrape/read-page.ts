import type { EpochMs } from '../../core/model/units.ts'
import type { Exemplar } from '../../ports/sample-sink.ts'
import type { SampleWriter } from '../sample-writer.ts'
import { type ExemplarIds, noIds, takeId } from '../wire/exemplar-ids.ts'
import type { ExpositionVisitor } from '../wire/exposition.ts'
import { CreatedTimes } from '../wire/exposition-created.ts'
import { exemplarLabels } from '../wire/exposition-labels.ts'
import { parseProtobufExposition } from '../wire/exposition-protobuf.ts'
import type { MetricVisitor } from '../wire/exposition-protobuf-parts.ts'
import { ExpositionStream } from '../wire/exposition-stream.ts'
import { isRefusal } from '../wire/label-collector.ts'
import type { WriteSummary } from '../write-summary.ts'
import type { ScrapeConfig } from './config.ts'
import type { PageFormat } from './fetch-exposition.ts'

/** What became of a page. */
export interface ReadPage {
  readonly summary: WriteSummary
  /** It had more samples than allowed, and none was taken. */
  readonly overLimit: boolean
  readonly problem: string | undefined
  readonly hasNative: boolean
  readonly seriesAdded: number
  /** The newest time of an example on it, or on pages before. */
  readonly exemplarsUntil: EpochMs
}

interface Page {
  readonly bytes: Uint8Array
  readonly format: PageFormat
}

/** Writes all samples of a page as of the time given. */
export function readPage(
  writer: SampleWriter,
  page: Page,
  at: EpochMs,
  exemplarsUntil: EpochMs,
  settings: Pick<ScrapeConfig, 'honorTimestamps' | 'samplesMax'>,
): ReadPage {
  const seriesBefore = writer.seriesCount
  const { samplesMax } = settings
  const isOver = Number.isFinite(samplesMax) && countSamples(page) > samplesMax
  writer.begin(at)
  const visitor = new PageVisitor(writer, at, exemplarsUntil, settings.honorTimestamps)
  if (!isOver) parse(page, visitor, writer, settings.honorTimestamps)
  return {
    summary: writer.end(),
    overLimit: isOver,
    problem: isOver ? `more than ${samplesMax} samples` : undefined,
    hasNative: visitor.hasNative,
    seriesAdded: Math.max(0, writer.seriesCount - seriesBefore),
    exemplarsUntil: visitor.newestExemplar,
  }
}

/** A page that says nothing but samples goes straight to the writer, which is the way of almost all. */
function parse({ bytes, format }: Page, visitor: PageVisitor, writer: SampleWriter, honorsTimes: boolean): void {
  if (format === 'protobuf') {
    parseProtobufExposition(bytes, visitor)
    return
  }
  const isRich = format === 'openmetrics' && visitor.lookFor(bytes)
  const stream = new ExpositionStream(isRich || !honorsTimes ? visitor : writer, format)
  stream.write(bytes)
  stream.end()
}

/** Stands between the decoder and the writer where a page gives start times and examples, or times that are not to be taken. */
class PageVisitor implements ExpositionVisitor, MetricVisitor {
  readonly #writer: SampleWriter
  readonly #at: EpochMs
  readonly #exemplarsAfter: EpochMs
  readonly #honorsTimes: boolean
  #created: CreatedTimes | undefined
  hasNative = false
  newestExemplar: EpochMs

  constructor(writer: SampleWriter, at: EpochMs, exemplarsAfter: EpochMs, honorsTimes: boolean) {
    this.#writer = writer
    this.#at = at
    this.#exemplarsAfter = exemplarsAfter
    this.newestExemplar = exemplarsAfter
    this.#honorsTimes = honorsTimes
  }

  /** Whether a text page has more to say than samples. */
  lookFor(bytes: Uint8Array): boolean {
    this.#created = CreatedTimes.of(bytes)
    const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return this.#created !== undefined || page.includes('# {')
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    return this.#writer.expected(bytes, start, end)
  }

  takeExpected(): void {
    this.#writer.takeExpected()
  }

  series(bytes: Uint8Array, start: number, end: number) {
    return this.#writer.series(bytes, start, end)
  }

  sample(timeMs: number, value: number, stale: boolean, startMs = Number.NaN): void {
    this.#writer.sample(this.#honorsTimes ? timeMs : Number.NaN, value, stale, startMs)
  }

  startOf(_: Uint8Array, start: number, end: number): number {
    return this.#created?.startOf(start, end) ?? Number.NaN
  }

  histogram(sample: Parameters<MetricVisitor['histogram']>[0]): void {
    this.hasNative = true
    this.#writer.histogram(this.#honorsTimes ? sample : { ...sample, timeMs: Number.NaN })
  }

  histogramRefused(refusal: Parameters<MetricVisitor['histogramRefused']>[0]): void {
    this.hasNative = true
    this.#writer.histogramRefused(refusal)
  }

  textExemplar(bytes: Uint8Array, start: number, end: number, value: number, timeMs: number): void {
    if (!this.#isNew(timeMs)) return
    const labels = exemplarLabels(bytes, start, end)
    if (isRefusal(labels)) return
    const ids: ExemplarIds = noIds()
    for (const [name, text] of labels) takeId(ids, name, text)
    this.#writer.exemplar({ ...ids, value, atMs: Number.isNaN(timeMs) ? this.#at : timeMs })
  }

  exemplar(exemplar: Exemplar): void {
    if (!this.#isNew(exemplar.atMs)) return
    this.#writer.exemplar(Number.isNaN(exemplar.atMs) ? { ...exemplar, atMs: this.#at } : exemplar)
  }

  problem(problem: Parameters<ExpositionVisitor['problem']>[0] | Parameters<MetricVisitor['problem']>[0]): void {
    this.#writer.problem(problem)
  }

  /** A page shows the same example until another event comes. */
  #isNew(atMs: EpochMs): boolean {
    if (atMs <= this.#exemplarsAfter) return false
    if (atMs > this.newestExemplar) this.newestExemplar = atMs
    return true
  }
}

/** How many samples a page has, before any of them is taken. */
function countSamples({ bytes, format }: Page): number {
  let count = 0
  const counter: ExpositionVisitor & MetricVisitor = {
    expected: () => 0,
    takeExpected: () => {},
    series: () => undefined,
    sample: () => void count++,
    histogram: () => void count++,
    histogramRefused: () => void count++,
    exemplar: () => {},
    problem: () => {},
  }
  if (format === 'protobuf') parseProtobufExposition(bytes, counter)
  else {
    const stream = new ExpositionStream(counter, format)
    stream.write(bytes)
    stream.end()
  }
  return count
}
