import { formatLabels, type Labels } from '../../src/core/model/labels.ts'
import type { ExpositionVisitor, LineProblem } from '../../src/ingest/wire/exposition.ts'
import { expositionLabels } from '../../src/ingest/wire/exposition-labels.ts'
import { isRefusal } from '../../src/ingest/wire/label-collector.ts'

export interface ReadSample {
  readonly labels: Labels
  readonly value: number
  /** NaN without one. */
  readonly timeMs: number
}

/** Notes what a parser finds, and predicts keys as a cache does when told to. */
export class ExpositionRecorder implements ExpositionVisitor {
  readonly samples: ReadSample[] = []
  readonly problems: LineProblem[] = []
  readonly #predicted: Uint8Array | undefined
  #labels: Labels = new Map()

  /** `predicted` is the key it expects before every line. */
  constructor(predicted?: string) {
    this.#predicted = predicted === undefined ? undefined : new TextEncoder().encode(predicted)
  }

  expected(bytes: Uint8Array, start: number, end: number): number {
    const key = this.#predicted
    if (key === undefined || start + key.length > end) return 0
    return key.every((byte, index) => bytes[start + index] === byte) ? key.length : 0
  }

  takeExpected(): void {
    const key = this.#predicted ?? new Uint8Array(0)
    const labels = expositionLabels(key, 0, key.length)
    if (!isRefusal(labels)) this.#labels = labels
  }

  series(bytes: Uint8Array, start: number, end: number) {
    const labels = expositionLabels(bytes, start, end)
    if (isRefusal(labels)) return labels
    this.#labels = labels
    return undefined
  }

  sample(timeMs: number, value: number): void {
    this.samples.push({ labels: this.#labels, value, timeMs })
  }

  problem(problem: LineProblem): void {
    this.problems.push(problem)
  }

  /** The samples in one line each. */
  get lines(): string[] {
    return this.samples.map(({ labels, value, timeMs }) => {
      return `${formatLabels(labels)} ${value}${Number.isNaN(timeMs) ? '' : ` @${timeMs}`}`
    })
  }
}
