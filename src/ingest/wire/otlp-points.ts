/** Where something stands in the bytes of a message. */
export interface Span {
  start: number
  end: number
}

/** What the points of all metrics have. One object is used for every point, so nothing of it may be kept. */
export interface PointFrame {
  /** The bytes that all positions point into. */
  bytes: Uint8Array
  view: DataView
  /** The whole point. */
  readonly whole: Span
  /** The run of its attributes, with their tags: with the metric it is what the series is known by. */
  readonly attributes: Span
  /** The attributes are those that `expected` just found. */
  isExpected: boolean
  /** 0 where it is not given. */
  startMs: number
  /** 0 where it is not given. */
  timeMs: number
  /** The start is no earlier than the time, by the nanosecond. */
  isInstant: boolean
  /** The sender had nothing to report: the series has paused or ended. */
  noRecordedValue: boolean
  hasExemplars: boolean
}

/** A point of a sum or a gauge. */
export interface NumberPoint extends PointFrame {
  hasValue: boolean
  value: number
}

/** A point of a histogram with explicit bounds. */
export interface HistogramPoint extends PointFrame {
  count: number
  /** NaN where it is not given. */
  sum: number
  /** Eight bytes for each bucket. */
  readonly counts: Span
  /** Eight bytes for each bound between two buckets. */
  readonly bounds: Span
}

/** A point of an exponential histogram. */
export interface ExponentialPoint extends PointFrame {
  count: number
  /** NaN where it is not given. */
  sum: number
  scale: number
  zeroCount: number
  zeroThreshold: number
  /** The two messages with offset and counts; empty where they are not given. */
  readonly positive: Span
  readonly negative: Span
}

/** A point of a summary. */
export interface SummaryPoint extends PointFrame {
  count: number
  sum: number
}

/** A point to be filled again and again. */
export function numberPoint(): NumberPoint {
  return { ...pointFrame(), hasValue: false, value: 0 }
}

/** A point to be filled again and again. */
export function histogramPoint(): HistogramPoint {
  return { ...pointFrame(), count: 0, sum: 0, counts: span(), bounds: span() }
}

/** A point to be filled again and again. */
export function exponentialPoint(): ExponentialPoint {
  const buckets = { positive: span(), negative: span() }
  return { ...pointFrame(), count: 0, sum: 0, scale: 0, zeroCount: 0, zeroThreshold: 0, ...buckets }
}

/** A point to be filled again and again. */
export function summaryPoint(): SummaryPoint {
  return { ...pointFrame(), count: 0, sum: 0 }
}

/** How often `span` holds a number of eight bytes. */
export function wordsIn({ start, end }: Span): number {
  return (end - start) / 8
}

function pointFrame(): PointFrame {
  return {
    bytes: nothing,
    view: new DataView(nothing.buffer),
    whole: span(),
    attributes: span(),
    isExpected: false,
    startMs: 0,
    timeMs: 0,
    isInstant: false,
    noRecordedValue: false,
    hasExemplars: false,
  }
}

const nothing = new Uint8Array(0)

function span(): Span {
  return { start: 0, end: 0 }
}
