import { ExpositionScanner } from './exposition-scanner.ts'
import type { Refusal, SeriesVisitor } from './series-visitor.ts'

/** Prometheus text 0.0.4 (times are integer milliseconds), or OpenMetrics 1.0 (seconds, exemplars, `# EOF`). */
export type ExpositionFormat = 'text' | 'openmetrics'

/** A line that could not be taken. */
export interface LineProblem extends Refusal {
  /** From 1. */
  readonly line: number
  /** How the line begins. */
  readonly text: string
}

/** Takes what an exposition holds, line by line. */
export interface ExpositionVisitor extends SeriesVisitor {
  problem(problem: LineProblem): void
  /** Since when the series with this key counts, NaN where nobody says; asked before each sample where it is there. */
  startOf?(bytes: Uint8Array, start: number, end: number): number
  /** An example of an event of the series at hand; its labels stand between `start` and `end`. */
  textExemplar?(bytes: Uint8Array, start: number, end: number, value: number, timeMs: number): void
}

/** How far a call came. */
export interface ExpositionProgress {
  /** Behind the last complete line; what follows is for the next call, together with what comes after it. */
  readonly stoppedAt: number
  /** How many lines were read. */
  readonly lines: number
  /** Whether `# EOF` was met, which ends an OpenMetrics text whatever follows. */
  readonly ended: boolean
}

const newline = 0x0a
const hash = 0x23
const openBrace = 0x7b

/**
 * Reads all complete lines between `start` and `end`. A line that cannot be read becomes a problem and the next one is
 * gone on with. Metadata and exemplars are passed over.
 */
export function parseExposition(
  bytes: Uint8Array,
  start: number,
  end: number,
  visitor: ExpositionVisitor,
  format: ExpositionFormat,
  firstLine = 1,
): ExpositionProgress {
  const stop = end > start ? Math.max(start, bytes.lastIndexOf(newline, end - 1) + 1) : start
  const scanner = new ExpositionScanner(bytes)
  scanner.position = start
  let line = firstLine
  for (; scanner.position < stop; line++) {
    const lineStart = scanner.position
    const isComment = scanner.spaces() === hash
    if (isComment && format === 'openmetrics' && isEof(bytes, lineStart)) {
      return { stoppedAt: bytes.indexOf(newline, lineStart) + 1, lines: line + 1 - firstLine, ended: true }
    }
    if (!isComment && !scanner.atLineEnd()) {
      const refusal = readSample(scanner, stop, visitor, format)
      if (refusal !== undefined) visitor.problem({ ...refusal, line, text: excerpt(bytes, lineStart) })
    }
    // No method of the scanner passes the newline, so this is the one of the same line. It is mostly there already, and a search
    // costs as much as half of a line.
    const at = scanner.position
    scanner.position = (bytes[at] === newline ? at : bytes.indexOf(newline, at)) + 1
  }
  return { stoppedAt: stop, lines: line - firstLine, ended: false }
}

/** Whether a whole text is complete as far as its format can tell: OpenMetrics ends with `# EOF`. */
export function isComplete(bytes: Uint8Array, format: ExpositionFormat): boolean {
  if (format === 'text') return true
  let end = bytes.length
  while (end > 0 && bytes[end - 1] <= 0x20) end--
  return isEof(bytes.subarray(0, end), bytes.lastIndexOf(newline, end - 1) + 1)
}

/** Reads one sample; answers why it cannot be taken, if so. The series is named last, when all else is known good. */
function readSample(
  scanner: ExpositionScanner,
  stop: number,
  visitor: ExpositionVisitor,
  format: ExpositionFormat,
): Refusal | undefined {
  const { bytes, position: start } = scanner
  const expected = visitor.expected(bytes, start, stop)
  const isExpected = expected > 0 && endsKey(scanner, start + expected)
  scanner.position = isExpected ? start + expected : start
  if (!isExpected && !scanner.key()) return malformed('no metric name with complete labels and a value behind it')
  const keyEnd = scanner.position
  scanner.spaces()
  if (!scanner.number()) return malformed('the value is not a number')
  const { value } = scanner
  const timeMs = readTime(scanner, format)
  if (timeMs === undefined) return malformed(timeHints[format])
  const exemplarAt = format === 'openmetrics' && scanner.spaces() === hash ? scanner.position : -1
  if (exemplarAt >= 0 && !readExemplar(scanner)) return malformed('bad exemplar')
  if (!scanner.atLineEnd()) return malformed('more text behind the sample')
  if (isExpected) {
    visitor.takeExpected()
  } else {
    const refusal = visitor.series(bytes, start, keyEnd)
    if (refusal !== undefined) return refusal
  }
  if (visitor.startOf === undefined) visitor.sample(timeMs, value, false)
  else visitor.sample(timeMs, value, false, visitor.startOf(bytes, start, keyEnd))
  if (exemplarAt >= 0 && visitor.textExemplar !== undefined) tellExemplar(scanner, exemplarAt, visitor)
  return undefined
}

/** Reads an example again, now that its line is known to be good. */
function tellExemplar(scanner: ExpositionScanner, at: number, visitor: ExpositionVisitor): void {
  scanner.position = at + 1
  scanner.spaces()
  const start = scanner.position
  scanner.braces()
  const end = scanner.position
  scanner.spaces()
  scanner.number()
  const { value } = scanner
  const timeMs = readTime(scanner, 'openmetrics') ?? Number.NaN
  visitor.textExemplar?.(scanner.bytes, start, end, value, timeMs)
}

/** Whether a key ends here, and no labels belong to it that stand apart. */
function endsKey(scanner: ExpositionScanner, at: number): boolean {
  const byte = scanner.bytes[at]
  if (byte !== 0x20 && byte !== 0x09) return false
  scanner.position = at
  return scanner.spaces() !== openBrace
}

/** The time of a sample in milliseconds, NaN without one; undefined when it is not a time in this format. */
function readTime(scanner: ExpositionScanner, format: ExpositionFormat): number | undefined {
  if (scanner.spaces() === hash || scanner.atLineEnd()) return Number.NaN
  if (!scanner.number()) return undefined
  const timeMs = format === 'text' ? scanner.value : Math.round(scanner.value * 1000)
  if (format === 'text' && !scanner.integral) return undefined
  return Number.isSafeInteger(timeMs) ? timeMs : undefined
}

/** Passes over `# {labels} value` and the time that may follow. */
function readExemplar(scanner: ExpositionScanner): boolean {
  scanner.position++
  scanner.spaces()
  if (!scanner.braces()) return false
  scanner.spaces()
  return scanner.number() && (scanner.atLineEnd() || scanner.number())
}

function isEof(bytes: Uint8Array, at: number): boolean {
  if (eof.some((byte, index) => bytes[at + index] !== byte)) return false
  const behind = bytes[at + eof.length]
  return behind === undefined || behind <= 0x20
}

function malformed(detail: string): Refusal {
  return { reason: 'malformed', detail }
}

/** The beginning of a line, fit to be printed. */
function excerpt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(newline, start)
  const text = lenient.decode(bytes.subarray(start, Math.min(end, start + excerptBytes)))
  return text.trimEnd().replaceAll(/\p{Cc}/gu, '\ufffd') + (end > start + excerptBytes ? '…' : '')
}

const eof = new TextEncoder().encode('# EOF')
const excerptBytes = 120
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const timeHints: Readonly<Record<ExpositionFormat, string>> = {
  text: 'the time is not a whole number of milliseconds',
  openmetrics: 'the time is not a number of seconds',
}
