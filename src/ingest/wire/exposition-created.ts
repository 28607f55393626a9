import { ExpositionScanner } from './exposition-scanner.ts'

const newline = 0x0a
const hash = 0x23
const openBrace = 0x7b
const closeBrace = 0x7d
const comma = 0x2c
const quote = 0x22
const backslash = 0x5c
const space = 0x20
const encoder = new TextEncoder()
const createdSuffix = encoder.encode('_created')
const suffixes = ['_total', '_bucket', '_count', '_sum', '_gcount', '_gsum', ''].map((text) => encoder.encode(text))
/** Labels that tell the series of one histogram or summary apart, which all began together. */
const partLabels = ['le="', 'quantile="'].map((text) => encoder.encode(text))

/** One `_created` line: whose, and when. */
interface CreatedLine {
  readonly at: number
  readonly nameEnd: number
  readonly labelsStart: number
  readonly labelsEnd: number
  readonly startMs: number
}

/**
 * Since when the series of an OpenMetrics page count. A metric and its `_created` sample stand side by side, so for each
 * series only the lines next to it are looked at, and bytes are compared where a map would need their text.
 */
export class CreatedTimes {
  readonly #bytes: Uint8Array
  readonly #lines: readonly CreatedLine[]
  #next = 0

  private constructor(bytes: Uint8Array, lines: readonly CreatedLine[]) {
    this.#bytes = bytes
    this.#lines = lines
  }

  /** undefined for a page that says nothing of this kind. */
  static of(bytes: Uint8Array): CreatedTimes | undefined {
    const lines = createdLines(bytes)
    return lines.length === 0 ? undefined : new CreatedTimes(bytes, lines)
  }

  /** Milliseconds; NaN for a series of which nothing is said. Series are asked about in the order of the page. */
  startOf(start: number, end: number): number {
    const lines = this.#lines
    while (this.#next < lines.length && lines[this.#next].at < start) this.#next++
    for (let index = this.#next; index >= this.#next - 1; index--) {
      const line = lines[index]
      if (line !== undefined && line.at !== start && this.#belongs(line, start, end)) return line.startMs
    }
    return Number.NaN
  }

  #belongs({ at, nameEnd, labelsStart, labelsEnd }: CreatedLine, start: number, end: number): boolean {
    const bytes = this.#bytes
    const length = nameEnd - at
    for (let index = 0; index < length; index++) if (bytes[start + index] !== bytes[at + index]) return false
    let keyEnd = start + length
    while (keyEnd < end && bytes[keyEnd] !== openBrace && bytes[keyEnd] > space) keyEnd++
    const suffixAt = start + length
    if (!suffixes.some((suffix) => suffix.length === keyEnd - suffixAt && isAt(bytes, suffixAt, suffix))) return false
    while (keyEnd < end && bytes[keyEnd] !== openBrace) keyEnd++
    return sameLabels(bytes, keyEnd, end, labelsStart, labelsEnd)
  }
}

/** Whether two `{…}` hold the same, apart from the label that tells the parts of one metric apart in the first. */
function sameLabels(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  let at = start
  let other = otherStart
  for (;;) {
    while (at < end && isBetween(bytes[at])) at++
    while (other < otherEnd && isBetween(bytes[other])) other++
    if (at >= end) return other >= otherEnd
    if (partLabels.some((label) => isAt(bytes, at, label)) && !partLabels.some((label) => isAt(bytes, other, label))) {
      at = pairEnd(bytes, at, end)
      continue
    }
    const length = pairEnd(bytes, at, end) - at
    if (length !== pairEnd(bytes, other, otherEnd) - other) return false
    for (let index = 0; index < length; index++) if (bytes[at + index] !== bytes[other + index]) return false
    at += length
    other += length
  }
}

/** Behind the closing quote of the pair that begins here. */
function pairEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== quote) at++
  at++
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return Math.min(end, at + 1)
}

function isBetween(byte: number): boolean {
  return byte === openBrace || byte === closeBrace || byte === comma || byte <= space
}

function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}

function createdLines(bytes: Uint8Array): CreatedLine[] {
  const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const scanner = new ExpositionScanner(bytes)
  const lines: CreatedLine[] = []
  for (let found = page.indexOf(createdSuffix); found >= 0; found = page.indexOf(createdSuffix, found + 1)) {
    const at = page.lastIndexOf(newline, found) + 1
    const behind = found + createdSuffix.length
    const isName = bytes[at] !== hash && (bytes[behind] === openBrace || bytes[behind] === space)
    if (!isName || page.subarray(at, found).includes(openBrace) || page.indexOf(newline, behind) < 0) continue
    scanner.position = at
    if (!scanner.key()) continue
    const labelsEnd = scanner.position
    scanner.spaces()
    if (!scanner.number() || !Number.isFinite(scanner.value)) continue
    lines.push({ at, nameEnd: found, labelsStart: behind, labelsEnd, startMs: Math.round(scanner.value * 1_000) })
  }
  return lines
}
