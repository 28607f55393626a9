import type { EpochMs } from '../core/model/units.ts'
import type { GaugeSample } from '../core/series/gauge-samples.ts'
import type { SeriesLabels } from '../core/series/series-labels.ts'
import type { SampleOrigin } from '../ports/sample-sink.ts'
import { seriesPerPage } from './changed-pages.ts'
import { bytesOf, type CheckpointChanges, floats, json, type MakePart, textOf } from './checkpoint-parts.ts'
import type { Counting } from './counting.ts'
import type { HeldSeries } from './held-series.ts'
import type { KeptNumbers } from './kept-numbers.ts'
import { newestSamplesPart, readNewestSamples } from './newest-samples.ts'

const seriesPrefix = 'series/'

/** What the series of a part share; behind it stand, as numbers, the place, origin and labels of each. */
interface SharedPart {
  readonly origins: readonly SampleOrigin[]
  /** Names and values in turn. */
  readonly labels: readonly string[]
}

/** Who the series are, in the parts that changed; each is made when it is asked for. */
export function seriesParts(held: HeldSeries): ReadonlyMap<string, MakePart> {
  const pages = held.takeChangedPages()
  return new Map(pages.map((page) => [`${seriesPrefix}${page}`, () => seriesPart(held, page)]))
}

/** How many numbers it takes to hold the newest sample of every series. */
export function numbersOfSamples({ labels }: HeldSeries): number {
  return 2 * labels.length
}

/** The newest samples of all series, as they stand now. */
export function samplesParts({ series }: Counting, held: HeldSeries, kept: KeptNumbers): CheckpointChanges {
  const later = new Map<string, MakePart>()
  const samples = kept.take(numbersOfSamples(held))
  series.copyLastSamples(samples)
  for (let page = 0; page * seriesPerPage < held.labels.length; page++) {
    const own = samples.subarray(2 * page * seriesPerPage, 2 * (page + 1) * seriesPerPage)
    later.set(`samples/${page}`, (room) => newestSamplesPart(own, room))
  }
  const parts = new Map([
    ['gauges', bytesOf(listed(series.gauges(), (shown) => shown.flat()))],
    ['deltas', bytesOf(listed(series.allDeltas(), (times) => times))],
  ])
  return { parts, later, removed: [] }
}

/** Puts back all series and their newest samples. */
export function restoreSeries(parts: ReadonlyMap<string, Uint8Array>, counting: Counting, held: HeldSeries): void {
  const { series } = counting
  const gauges = new Map(readListed(parts.get('gauges')))
  const deltas = new Map(readListed(parts.get('deltas')))
  const pages = [...parts.keys()].filter((name) => name.startsWith(seriesPrefix))
  held.reserve(seriesPerPage * pages.length)
  for (const name of pages) {
    const bytes = parts.get(name) ?? new Uint8Array()
    const page = Number(name.slice(seriesPrefix.length))
    const samples = readNewestSamples(parts.get(`samples/${page}`))
    for (const [place, origin, pairs] of readSeriesPart(bytes, held.labels)) {
      const ref = page * seriesPerPage + place
      const time = samples[2 * place]
      const value = samples[2 * place + 1]
      const gauge = gauges.get(ref)
      const intervals = deltas.get(ref)
      // A series that the samples do not know came after them; its next sample makes it known.
      if (!Number.isFinite(time) && gauge === undefined && intervals === undefined) continue
      if (!held.restore(ref, pairs, origin)) continue
      if (Number.isFinite(time)) series.restore(ref, time, value)
      if (gauge !== undefined) series.restoreGauge(ref, inPairs(gauge))
      if (intervals !== undefined) series.restoreDeltas(ref, [...intervals])
    }
  }
  held.restored()
}

function seriesPart(held: HeldSeries, page: number): Uint8Array {
  const origins = new Map<SampleOrigin, number>()
  const numbers = new Map<number, number>()
  const labels: string[] = []
  const series: number[] = []
  const to = Math.min((page + 1) * seriesPerPage, held.labels.length)
  for (let ref = page * seriesPerPage; ref < to; ref++) {
    if (!held.labels.isHeld(ref)) continue
    const origin = held.originOf(ref)
    const place = origins.get(origin) ?? origins.size
    origins.set(origin, place)
    const pairs = held.labels.pairsOf(ref)
    series.push(ref - page * seriesPerPage, place, pairs.length)
    for (const pair of pairs) {
      let number = numbers.get(pair)
      if (number === undefined) {
        number = numbers.size
        numbers.set(pair, number)
        labels.push(...held.labels.pair(pair))
      }
      series.push(number)
    }
  }
  return joined(json({ origins: [...origins.keys()], labels } satisfies SharedPart), Int32Array.from(series))
}

/** The series of a part, whose labels are held meanwhile; the numbers of those are void with the next series. */
function* readSeriesPart(
  bytes: Uint8Array,
  known: SeriesLabels,
): Iterable<readonly [place: number, origin: SampleOrigin, pairs: Int32Array]> {
  const [shared, series] = parted(bytes)
  const { origins, labels }: SharedPart = JSON.parse(textOf(shared))
  const held = new Int32Array(labels.length / 2)
  for (let number = 0; number < held.length; number++) {
    held[number] = known.holdPair(labels[2 * number], labels[2 * number + 1])
  }
  for (let at = 0; at < series.length; ) {
    const place = series[at]
    const origin = series[at + 1]
    const count = series[at + 2]
    const pairs = series.subarray(at + 3, at + 3 + count)
    for (let index = 0; index < count; index++) pairs[index] = held[pairs[index]]
    yield [place, origins[origin], pairs]
    at += 3 + count
  }
  for (const pair of held) known.releasePair(pair)
}

/** Two things as one part: the length of the first, the first, and the second where a number may begin. */
function joined(first: Uint8Array, second: Int32Array): Uint8Array {
  const start = 4 + 4 * Math.ceil(first.length / 4)
  const bytes = new Uint8Array(start + second.byteLength)
  new DataView(bytes.buffer).setUint32(0, first.length, true)
  bytes.set(first, 4)
  bytes.set(new Uint8Array(second.buffer), start)
  return bytes
}

function parted(bytes: Uint8Array): readonly [Uint8Array, Int32Array] {
  const own = bytes.slice()
  const length = new DataView(own.buffer).getUint32(0, true)
  return [own.subarray(4, 4 + length), new Int32Array(own.buffer, 4 + 4 * Math.ceil(length / 4))]
}

/** Lists of numbers, each behind its series and its length. */
function listed<T>(lists: Iterable<readonly [number, T]>, numbersOf: (list: T) => readonly number[]): Float64Array {
  const values: number[] = []
  for (const [series, list] of lists) {
    const numbers = numbersOf(list)
    values.push(series, numbers.length)
    for (const number of numbers) values.push(number)
  }
  return Float64Array.from(values)
}

function* readListed(bytes: Uint8Array | undefined): Iterable<[number, Float64Array]> {
  const values = floats(bytes)
  for (let at = 0; at < values.length; ) {
    const [series, length] = values.subarray(at, at + 2)
    yield [series, values.subarray(at + 2, at + 2 + length)]
    at += 2 + length
  }
}

function inPairs(values: Float64Array): GaugeSample[] {
  const samples: [EpochMs, number][] = []
  for (let place = 0; place < values.length; place += 2) samples.push([values[place], values[place + 1]])
  return samples
}
