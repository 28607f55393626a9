import { otlpFields } from './otlp-fields.ts'
import { wireType } from './protobuf.ts'

/** The first byte of fields that every kind of point has, and numbers in its own way. */
export interface FrameTags {
  readonly attributes: number
  readonly attributesField: number
  readonly exemplars: number
  readonly flags: number
  /** Fields of eight-byte numbers that may also be written one by one. */
  readonly packed: readonly number[]
}

const bytesTag = (field: number): number => (field << 3) | wireType.bytes
const wordTag = (field: number): number => (field << 3) | wireType.fixed64
const varintTag = (field: number): number => (field << 3) | wireType.varint

/** The first bytes of the fields of points: start and time of all, then what kinds have by the same number. */
export const startTag = wordTag(2)
/** When a point is of. */
export const timeTag = wordTag(3)
/** The double of a number, the count of everything else. */
export const fourthTag = wordTag(4)
/** The sum of events. */
export const sumTag = wordTag(5)
/** The integer of a number. */
export const intTag = wordTag(6)
/** Events in explicit buckets. */
export const countsTag = bytesTag(otlpFields.histogram.counts)
/** Bounds between explicit buckets. */
export const boundsTag = bytesTag(otlpFields.histogram.bounds)
/** The resolution of exponential buckets. */
export const scaleTag = varintTag(6)
/** Events around zero. */
export const zeroCountTag = wordTag(7)
/** Exponential buckets above zero. */
export const positiveTag = bytesTag(8)
/** Exponential buckets below zero. */
export const negativeTag = bytesTag(9)
/** How far around zero reaches. */
export const zeroThresholdTag = wordTag(14)
/** The smallest value of a histogram, which nobody reads. */
export const leastTag = wordTag(11)
/** The largest one. */
export const mostTag = wordTag(12)
/** The bit of the flags that says that there is no value. */
export const noRecordedValueFlag = 1

function frameTags(attributes: number, exemplars: number, flags: number, packed: readonly number[] = []): FrameTags {
  const attributesField = attributes
  return {
    attributes: bytesTag(attributes),
    attributesField,
    exemplars: bytesTag(exemplars),
    flags: varintTag(flags),
    packed,
  }
}

const { number, histogram, exponential, summary } = otlpFields
/** The fields of frames, kind by kind. */
export const numberTags = frameTags(number.attributes, number.exemplars, 8)
/** Of histograms with explicit bounds. */
export const histogramTags = frameTags(histogram.attributes, histogram.exemplars, 10, [
  histogram.counts,
  histogram.bounds,
])
/** Of exponential histograms. */
export const exponentialTags = frameTags(exponential.attributes, exponential.exemplars, 10)
/** Of summaries, which have no exemplars. */
export const summaryTags = frameTags(summary.attributes, 0, 8)
