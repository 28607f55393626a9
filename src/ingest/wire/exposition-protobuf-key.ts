import { labelNamePattern, metricNamePattern } from '../../core/model/labels.ts'
import { escapedLabelValue } from './escaped-label-value.ts'
import type { ScratchBuffer } from './scratch-buffer.ts'

const encoder = new TextEncoder()
const plainName = new RegExp(metricNamePattern)
const plainLabelName = new RegExp(labelNamePattern)
const decoder = new TextDecoder('latin1')

/**
 * The key that a metric's series would have on a text page, so that one reader of keys serves both: the labels are written
 * once, and each series of the metric adds its suffix and its bound.
 */
export class MetricKey {
  readonly #name: string
  readonly #keys: ScratchBuffer
  readonly #pairs: Uint8Array[] = []
  #pairBytes = 0
  labels = 0
  /** Bytes of the key last made. */
  length = 0

  constructor(name: string, keys: ScratchBuffer) {
    this.#name = name
    this.#keys = keys
  }

  addLabel(name: Uint8Array, value: Uint8Array): void {
    this.labels++
    const word = decoder.decode(name)
    const nameBytes = plainLabelName.test(word) ? name : quoted(name)
    this.#add(nameBytes)
    this.#add(equals)
    this.#add(quoted(value))
    this.#add(comma)
  }

  /** Makes the key of one series: the buffer is used again by the next. */
  of(suffix: string, label: string, value: string): Uint8Array {
    const name = this.#name + suffix
    const isPlain = plainName.test(name)
    const head = encoder.encode(isPlain ? `${name}{` : `{${JSON.stringify(name)},`)
    const tail = encoder.encode(label === '' ? '}' : `${label}="${value}"}`)
    const bytes = this.#keys.take(head.length + this.#pairBytes + tail.length)
    bytes.set(head, 0)
    let at = head.length
    for (const piece of this.#pairs) {
      bytes.set(piece, at)
      at += piece.length
    }
    bytes.set(tail, at)
    this.length = at + tail.length
    return bytes
  }

  #add(piece: Uint8Array): void {
    this.#pairs.push(piece)
    this.#pairBytes += piece.length
  }
}

const equals = encoder.encode('=')
const comma = encoder.encode(',')

function quoted(bytes: Uint8Array): Uint8Array {
  const escaped = escapedLabelValue(bytes)
  const all = new Uint8Array(escaped.length + 2)
  all[0] = 0x22
  all.set(escaped, 1)
  all[all.length - 1] = 0x22
  return all
}
