import type { Log, LogFields } from '../../src/ports/log.ts'
import type { Meter } from '../../src/ports/meter.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: LogFields
  readonly message: string
}

/** A log that keeps its lines. */
export function recordingLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const at =
    (level: LogLine['level']) =>
    (fields: LogFields, message: string): void => {
      lines.push({ level, fields, message })
    }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A meter whose values can be read as `name{label="value"}`. */
export function recordingMeter(): Meter & { readonly values: ReadonlyMap<string, number> } {
  const values = new Map<string, number>()
  return {
    values,
    count(name, labels, by = 1) {
      const series = seriesOf(name, labels)
      values.set(series, (values.get(series) ?? 0) + by)
    },
    set: (name, labels, value) => void values.set(seriesOf(name, labels), value),
    observe: (name, labels, seconds) => void values.set(seriesOf(name, labels), seconds),
  }
}

function seriesOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return `${name}{${pairs.join(',')}}`
}
