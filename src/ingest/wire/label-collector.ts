import { type Labels, labelsOf, metricNameLabel } from '../../core/model/labels.ts'
import { labelNameBytesMax, labelsPerSeriesMax, labelValueBytesMax } from '../../core/model/limits.ts'
import type { Refusal, RejectReason } from './series-visitor.ts'

/** Takes the labels of one series as bytes, holds them against the limits and makes `Labels` of them. */
export class LabelCollector {
  /** The first thing wrong; what is added afterwards is not looked at. */
  refusal: Refusal | undefined
  readonly #entries: [string, string][] = []
  readonly #names = new Set<string>()

  /** Takes one label. */
  add(nameBytes: Uint8Array, valueBytes: Uint8Array): void {
    if (this.refusal !== undefined) return
    if (nameBytes.length > labelNameBytesMax) {
      const excerpt = lenient.decode(nameBytes.subarray(0, 40))
      this.#refuse('label_name_too_long', `a label name of ${nameBytes.length} bytes: ${excerpt}…`)
      return
    }
    const name = decode(nameBytes)
    const value = valueBytes.length > labelValueBytesMax ? '' : decode(valueBytes)
    if (name === undefined || value === undefined) {
      this.#refuse('invalid_utf8', `label ${lenient.decode(nameBytes)} is not UTF-8`)
    } else if (valueBytes.length > labelValueBytesMax) {
      this.#refuse('label_value_too_long', `${valueBytes.length} bytes in label ${name}`)
    } else if (name === '') {
      this.#refuse('malformed', 'a label without a name')
    } else if (this.#names.has(name)) {
      this.#refuse('duplicate_label', `label ${name} is given twice`)
    } else if (this.#names.size === labelsPerSeriesMax) {
      this.#refuse('too_many_labels', `more than ${labelsPerSeriesMax} labels`)
    } else {
      this.#names.add(name)
      this.#entries.push([name, value])
    }
  }

  /** The labels, or why the series is refused. */
  finish(): Labels | Refusal {
    const labels = labelsOf(this.#entries)
    if (this.refusal === undefined && !labels.has(metricNameLabel)) {
      this.#refuse('no_metric_name', 'a series without a metric name')
    }
    if (this.refusal === undefined) return labels
    const name = this.#entries.find(([label]) => label === metricNameLabel)?.[1]
    return name === undefined
      ? this.refusal
      : { reason: this.refusal.reason, detail: `${this.refusal.detail} (series ${name})` }
  }

  #refuse(reason: RejectReason, detail: string): void {
    this.refusal = { reason, detail }
  }
}

/** Tells labels from the reason why there are none. */
export function isRefusal(answer: ReadonlyMap<string, string> | Refusal): answer is Refusal {
  return 'reason' in answer
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}
