import { expositionLineBytesMax } from '../../core/model/limits.ts'
import { type ExpositionFormat, type ExpositionVisitor, parseExposition } from './exposition.ts'

/**
 * Reads an exposition that arrives in pieces, such as a file of a gigabyte: a line that is cut by the end of one piece is
 * kept until the next, and nothing else is copied.
 */
export class ExpositionStream {
  readonly #visitor: ExpositionVisitor
  readonly #format: ExpositionFormat
  #rest = new Uint8Array(0)
  #skipping = false
  #ended = false
  #saidEnded = false
  #lines = 0

  constructor(visitor: ExpositionVisitor, format: ExpositionFormat) {
    this.#visitor = visitor
    this.#format = format
  }

  /** How many lines were read. */
  get lines(): number {
    return this.#lines
  }

  /** Reads one piece; it may be used again afterwards. */
  write(piece: Uint8Array): void {
    const start = this.#finishLine(piece)
    const stoppedAt = start < piece.length ? this.#parse(piece, start) : start
    if (stoppedAt < piece.length) this.#keep(piece.slice(stoppedAt))
  }

  /** Reads what is left when no more pieces come. */
  end(): void {
    if (this.#rest.length > 0) this.write(lineEnd)
    if (this.#format === 'openmetrics' && !this.#ended) {
      this.#problem('the text does not end with # EOF: it may be cut off')
    }
  }

  /** Completes the line that the last piece ended in; answers where the next one starts. */
  #finishLine(piece: Uint8Array): number {
    if (this.#rest.length === 0 && !this.#skipping) return 0
    const start = piece.indexOf(lineEnd[0]) + 1
    if (start === 0) {
      this.#keep(joined(this.#rest, piece))
      return piece.length
    }
    const line = joined(this.#rest, piece.subarray(0, start))
    this.#rest = new Uint8Array(0)
    if (this.#skipping) this.#lines++
    else this.#parse(line, 0)
    this.#skipping = false
    return start
  }

  /** Keeps the beginning of a line, unless it is longer than any line can be. */
  #keep(rest: Uint8Array<ArrayBuffer>): void {
    if (this.#skipping || this.#ended) return
    this.#rest = rest
    if (rest.length <= expositionLineBytesMax) return
    this.#problem(`the line is longer than ${expositionLineBytesMax} bytes`)
    this.#rest = new Uint8Array(0)
    this.#skipping = true
  }

  #parse(bytes: Uint8Array, start: number): number {
    if (this.#ended) return this.#passOver(bytes, start)
    const line = this.#lines + 1
    const { stoppedAt, lines, ended } = parseExposition(bytes, start, bytes.length, this.#visitor, this.#format, line)
    this.#lines += lines
    this.#ended = ended
    return ended ? this.#passOver(bytes, stoppedAt) : stoppedAt
  }

  /** What follows `# EOF` is not read, and that is said once. */
  #passOver(bytes: Uint8Array, start: number): number {
    if (!this.#saidEnded && bytes.subarray(start).some((byte) => byte > 0x20)) {
      this.#saidEnded = true
      this.#problem('text after # EOF is not read')
    }
    return bytes.length
  }

  #problem(detail: string): void {
    this.#visitor.problem({ reason: 'malformed', detail, line: this.#lines + 1, text: '' })
  }
}

const lineEnd = new Uint8Array([0x0a])

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
