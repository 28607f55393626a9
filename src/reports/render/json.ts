import type { Report } from '../model/report.ts'

/** The figures as one JSON document: times in RFC 3339, spans in milliseconds, ratios as fractions, unknown as null. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, replaced, 2)}\n`
}

const timeKeys: ReadonlySet<string> = new Set(['from', 'to', 'at', 'dataUntil', 'openedAt', 'endedAt'])

function replaced(key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  return timeKeys.has(key) && typeof value === 'number' ? new Date(value).toISOString() : value
}
