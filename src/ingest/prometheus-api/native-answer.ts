import { histogramBucketsMax } from '../../core/model/limits.ts'
import { isMapping, type Mapping } from '../../core/model/mapping.ts'
import type { NativeBuckets, NativeHistogram } from '../../core/sli/native-histogram.ts'
import { customSchema, schemaMax, schemaMin } from '../wire/remote-write-fields.ts'

/**
 * A native histogram in the JSON of a query API: its buckets that have events, each with both of its bounds. Their schema is
 * not in it; the bounds tell it, so that what is counted up to a bound is the very number that the histogram gives when it
 * is pushed or scraped. Undefined where it is none.
 */
export function nativeHistogramIn(value: unknown): NativeHistogram | undefined {
  if (!isMapping(value)) return undefined
  const [count, sum] = [numberIn(value, 'count'), numberIn(value, 'sum')]
  const buckets = bucketsIn(value['buckets'] ?? [])
  if (count === undefined || sum === undefined || buckets === undefined) return undefined
  const zero = buckets.find(isZeroBucket)
  const exponential = exponentialBuckets(buckets.filter((bucket) => bucket !== zero))
  if (exponential !== undefined) {
    return { count, sum, zeroThreshold: zero?.upper ?? 0, zeroCount: zero?.count ?? 0, ...exponential }
  }
  const custom = customBuckets(buckets)
  return custom && { count, sum, zeroThreshold: 0, zeroCount: 0, ...custom }
}

/** The number that a text of an answer says; undefined where it says none. */
export function numberOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  const number = Number(text)
  return Number.isNaN(number) && text !== 'NaN' ? undefined : number
}

interface Bucket {
  readonly lower: number
  readonly upper: number
  readonly count: number
}

type PlacedBuckets = Pick<NativeHistogram, 'schema' | 'positive' | 'negative' | 'customBounds'>

function numberIn(fields: Mapping, name: string): number | undefined {
  return numberOf(fields[name])
}

/** Each is [which bounds belong to it, lower, upper, events]. */
function bucketsIn(value: unknown): readonly Bucket[] | undefined {
  if (!Array.isArray(value)) return undefined
  const buckets: Bucket[] = []
  for (const each of value) {
    if (!Array.isArray(each)) return undefined
    const [lower, upper, count] = each.slice(1, 4).map(numberOf)
    if (lower === undefined || upper === undefined || count === undefined) return undefined
    if (!(lower <= upper) || !(count >= 0)) return undefined
    if (count > 0) buckets.push({ lower, upper, count })
  }
  return buckets
}

/** The one bucket around zero lies evenly on either side of it. */
function isZeroBucket({ lower, upper }: Bucket): boolean {
  return lower === -upper && Number.isFinite(upper)
}

/** The buckets by number, if their bounds are those of one schema. */
function exponentialBuckets(buckets: readonly Bucket[]): PlacedBuckets | undefined {
  const positive = buckets.filter(({ lower }) => lower > 0)
  const negative = buckets.filter(({ upper }) => upper < 0).map(mirrored)
  const all = [...positive, ...negative]
  if (all.length < buckets.length) return undefined
  const finest = schemaOf(all)
  if (finest === undefined) return undefined
  const sides = [positive, negative].map((side) => side.map((bucket) => placeOf(bucket, finest)))
  let [above = [], below = []] = sides.map((places) => places.filter((place) => place !== undefined))
  if (above.length + below.length < all.length) return undefined
  let schema = finest
  // At the next lower resolution two neighbours are one, and what is far apart needs half as many buckets between.
  while (Math.max(widthOf(above), widthOf(below)) > histogramBucketsMax) {
    schema--
    above = above.map((place) => Math.ceil(place / 2))
    below = below.map((place) => Math.ceil(place / 2))
  }
  return { schema, positive: numbered(positive, above), negative: numbered(negative, below) }
}

function mirrored({ lower, upper, count }: Bucket): Bucket {
  return { lower: -upper, upper: -lower, count }
}

/** The finest there is where no bucket says it: nothing is read at a coarser one for it. */
function schemaOf(buckets: readonly Bucket[]): number | undefined {
  const bounded = buckets.find(({ upper }) => Number.isFinite(upper))
  if (bounded === undefined) return schemaMax
  const schema = 0 - Math.round(Math.log2(Math.log2(bounded.upper) - Math.log2(bounded.lower)))
  return schema >= schemaMin && schema <= schemaMax ? schema : undefined
}

/** The number of a bucket at a schema; undefined where it is no bucket of that schema. */
function placeOf({ lower, upper }: Bucket, schema: number): number | undefined {
  const place = wholePlace(lower, schema)
  // Beyond the greatest number there is one bucket more, whose upper bound is told as infinite.
  if (place === undefined || upper === Number.POSITIVE_INFINITY) return place === undefined ? undefined : place + 1
  return wholePlace(upper, schema) === place + 1 ? place + 1 : undefined
}

/** Bounds are rounded to doubles, and so are their logarithms. */
const placeTolerance = 1e-6

function wholePlace(bound: number, schema: number): number | undefined {
  const place = Math.log2(bound) * 2 ** schema
  const whole = Math.round(place)
  return Math.abs(place - whole) <= placeTolerance ? whole : undefined
}

/** With bounds of its own; gaps between buckets are buckets without events. */
function customBuckets(buckets: readonly Bucket[]): PlacedBuckets | undefined {
  const bounds = new Set(buckets.flatMap(({ lower, upper }) => [lower, upper]).filter(Number.isFinite))
  const customBounds = [...bounds].sort((a, b) => a - b)
  const places = buckets.flatMap(({ lower, upper }) => {
    const at = upper === Number.POSITIVE_INFINITY ? customBounds.length : customBounds.indexOf(upper)
    return (customBounds[at - 1] ?? Number.NEGATIVE_INFINITY) === lower ? [at] : []
  })
  if (places.length < buckets.length) return undefined
  return { schema: customSchema, positive: numbered(buckets, places), negative: noBuckets, customBounds }
}

const noBuckets: NativeBuckets = { offset: 0, counts: [] }

/** Neighbouring buckets of which some have no events. */
function numbered(buckets: readonly Bucket[], places: readonly number[]): NativeBuckets {
  if (buckets.length === 0) return noBuckets
  const first = leastOf(places)
  const counts = Array.from({ length: widthOf(places) }, () => 0)
  for (const [index, place] of places.entries()) counts[place - first] += buckets[index].count
  return { offset: first, counts }
}

function widthOf(places: readonly number[]): number {
  return places.length === 0 ? 0 : places.reduce((a, b) => Math.max(a, b)) - leastOf(places) + 1
}

function leastOf(places: readonly number[]): number {
  return places.reduce((a, b) => Math.min(a, b))
}
