import { type Labels, labelNamePattern, metricNameLabel, metricNamePattern } from '../../core/model/labels.ts'
import { LabelCollector } from './label-collector.ts'
import type { Refusal } from './series-visitor.ts'

const metricName = new RegExp(metricNamePattern)
const labelName = new RegExp(labelNamePattern)

/**
 * Decodes the key of an exposition line, `name{label="value"}` or `{"name",label="value"}`, which only a series not seen
 * before needs.
 */
export function expositionLabels(bytes: Uint8Array, start: number, end: number): Labels | Refusal {
  const reader = new KeyReader(bytes, start, end)
  const labels = new LabelCollector()
  const fault = readKey(reader, labels)
  if (fault !== undefined && labels.refusal === undefined) return { reason: 'malformed', detail: fault }
  return labels.finish()
}

/** Decodes the labels of an exemplar, `{trace_id="…"}`. */
export function exemplarLabels(bytes: Uint8Array, start: number, end: number): Labels | Refusal {
  const reader = new KeyReader(bytes, start, end)
  const labels = new LabelCollector()
  labels.add(nameBytes, exemplarName)
  const fault = readKey(reader, labels)
  return fault === undefined ? labels.finish() : { reason: 'malformed', detail: fault }
}

/** Answers what is wrong, if anything. */
function readKey(reader: KeyReader, labels: LabelCollector): string | undefined {
  const name = reader.word()
  if (name.length > 0) {
    if (!metricName.test(ascii.decode(name))) return 'not a metric name'
    labels.add(nameBytes, name)
  }
  if (reader.atEnd()) return undefined
  if (!reader.take('{')) return 'text between the name and its labels'
  while (!reader.take('}')) {
    const fault = readPair(reader, labels)
    if (fault !== undefined) return fault
    if (!reader.take(',') && !reader.sees('}')) return 'no comma between two labels'
  }
  return reader.atEnd() ? undefined : 'text behind the labels'
}

/** One label, or the metric name in quotes. */
function readPair(reader: KeyReader, labels: LabelCollector): string | undefined {
  const quoted = reader.sees('"')
  const name = quoted ? reader.quoted() : reader.word()
  if (name === undefined) return 'a quote that is not closed'
  if (!quoted && !labelName.test(ascii.decode(name))) return `not a label name: ${ascii.decode(name.subarray(0, 40))}`
  if (!reader.take('=')) {
    if (!quoted) return 'a label without a value'
    labels.add(nameBytes, name)
    return undefined
  }
  const value = reader.quoted()
  if (value === undefined) return 'a label value without quotes, or one that is not closed'
  labels.add(name, value)
  return undefined
}

/** Reads the pieces of one key; spaces between them do not count. */
class KeyReader {
  readonly #bytes: Uint8Array
  #position: number
  readonly #end: number

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#position = start
    this.#end = end
  }

  atEnd(): boolean {
    this.#spaces()
    return this.#position >= this.#end
  }

  sees(character: string): boolean {
    return !this.atEnd() && this.#bytes[this.#position] === character.charCodeAt(0)
  }

  take(character: string): boolean {
    if (!this.sees(character)) return false
    this.#position++
    return true
  }

  /** Bytes up to the next space or sign; empty when there are none. */
  word(): Uint8Array {
    this.#spaces()
    const start = this.#position
    while (this.#position < this.#end && !wordEnds.has(this.#bytes[this.#position])) this.#position++
    return this.#bytes.subarray(start, this.#position)
  }

  /** A text in quotes, without them and with escapes resolved; undefined when it does not start or end here. */
  quoted(): Uint8Array | undefined {
    if (!this.take('"')) return undefined
    const start = this.#position
    let escapes = false
    for (let at = start; at < this.#end; at++) {
      const byte = this.#bytes[at]
      if (byte === 0x22) {
        this.#position = at + 1
        const content = this.#bytes.subarray(start, at)
        return escapes ? unescaped(content) : content
      }
      if (byte === backslash) {
        escapes = true
        at++
      }
    }
    return undefined
  }

  #spaces(): void {
    while (this.#position < this.#end && this.#bytes[this.#position] <= 0x20) this.#position++
  }
}

/** Resolves `\\`, `\"` and `\n`; any other backslash stands for itself. */
function unescaped(content: Uint8Array): Uint8Array {
  const result = new Uint8Array(content.length)
  let length = 0
  for (let at = 0; at < content.length; at++) {
    const next = content[at] === backslash ? escapeMeaning.get(content[at + 1]) : undefined
    if (next !== undefined) at++
    result[length++] = next ?? content[at]
  }
  return result.subarray(0, length)
}

const backslash = 0x5c
const escapeMeaning: ReadonlyMap<number, number> = new Map([
  [backslash, backslash],
  [0x22, 0x22],
  [0x6e, 0x0a],
])
const wordEnds: ReadonlySet<number> = new Set(new TextEncoder().encode(' \t{}=,"'))
const ascii = new TextDecoder('latin1')
const nameBytes = new TextEncoder().encode(metricNameLabel)
/** Labels without a name are no series; an exemplar has none. */
const exemplarName = new TextEncoder().encode('exemplar')
