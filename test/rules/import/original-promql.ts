import { parseAllDocuments } from 'yaml'
import type { RuleFile } from '../../../src/rules/read-documents.ts'

/** What Sloth, also of OpenSLO files, or Pyrra would ask Prometheus for about one SLO; `WINDOW` stands for the range. */
export interface OriginalSlo {
  readonly name: string
  /** Events of the window, or the share of bad ones. */
  readonly asks: { readonly bad: string; readonly total: string } | { readonly errorRatio: string }
  readonly groupBy: readonly string[]
}

/** Reads the expressions with no part of what imports them. */
export function originalSlos({ text }: RuleFile): OriginalSlo[] {
  return parseAllDocuments(text).flatMap((document) => {
    const root: unknown = document.toJS()
    const version = field(root, 'apiVersion') ?? field(root, 'version')
    if (version === 'prometheus/v1') return slothSlos(root)
    if (version === 'sloth.slok.dev/v1') return slothSlos(field(root, 'spec'))
    if (version === 'openslo/v1alpha') return opensloSlos(root)
    return version === 'pyrra.dev/v1alpha1' ? pyrraSlos(root) : []
  })
}

function slothSlos(group: unknown): OriginalSlo[] {
  return list(field(group, 'slos')).flatMap((slo): OriginalSlo[] => {
    const name = `${String(field(group, 'service'))}-${String(field(slo, 'name'))}`.toLowerCase()
    const events = field(slo, 'sli', 'events')
    const bad = field(events, 'error_query') ?? field(events, 'errorQuery')
    const total = field(events, 'total_query') ?? field(events, 'totalQuery')
    const raw = field(slo, 'sli', 'raw', 'error_ratio_query') ?? field(slo, 'sli', 'raw', 'errorRatioQuery')
    if (typeof raw === 'string') return [{ name, asks: { errorRatio: windowed(raw) }, groupBy: [] }]
    if (typeof bad !== 'string' || typeof total !== 'string') return []
    const groupBy = /by \((\w+)\)/.exec(total)?.slice(1) ?? []
    return [{ name, asks: { bad: eventsOf(bad), total: eventsOf(total) }, groupBy }]
  })
}

/** Sloth reads these as well, and subtracts what is good. */
function opensloSlos(root: unknown): OriginalSlo[] {
  return list(field(root, 'spec', 'objectives')).flatMap((objective, index): OriginalSlo[] => {
    const name = `${String(field(root, 'metadata', 'name'))}${index === 0 ? '' : `-${index + 1}`}`
    const good = field(objective, 'ratioMetrics', 'good', 'query')
    const total = field(objective, 'ratioMetrics', 'total', 'query')
    if (typeof good !== 'string' || typeof total !== 'string' || !total.includes('{{.window}}')) return []
    return [{ name, asks: { bad: `${eventsOf(total)} - ${eventsOf(good)}`, total: eventsOf(total) }, groupBy: [] }]
  })
}

/** Sloth divides rates; times the length of the window they are events. */
function eventsOf(query: string): string {
  return query.includes('rate(') ? `(${windowed(query)}) * SECONDS` : windowed(query)
}

function windowed(query: string): string {
  return query.trim().replaceAll('{{.window}}', 'WINDOW')
}

/** What Pyrra writes into its rules. */
function pyrraSlos(root: unknown): OriginalSlo[] {
  const name = String(field(root, 'metadata', 'name'))
  const indicator = field(root, 'spec', 'indicator')
  const kind = ['ratio', 'latency', 'bool_gauge'].find((key) => field(indicator, key) !== undefined) ?? ''
  const value = field(indicator, kind)
  // Every region has a budget of its own anyway.
  const groupBy = list(field(value, 'grouping'))
    .map(String)
    .filter((label) => label !== 'region')
  const by = groupBy.length === 0 ? 'sum' : `sum by (${groupBy.join(', ')}) `
  const increase = (key: string): string | undefined => {
    const metric = field(value, key, 'metric')
    return typeof metric === 'string' ? `${by}(increase(${metric}[WINDOW]))` : undefined
  }
  const [errors, success, total] = ['errors', 'success', 'total'].map(increase)
  if (errors !== undefined) {
    return [{ name, asks: { bad: errors, total: total ?? `${errors} + ${success ?? ''}` }, groupBy }]
  }
  if (success !== undefined && total !== undefined) {
    return [{ name, asks: { bad: `${total} - ${success}`, total }, groupBy }]
  }
  const metric = field(value, 'metric')
  if (typeof metric !== 'string') return []
  const [count, sum] = ['count', 'sum'].map((taken) => `${by}(${taken}_over_time(${metric}[WINDOW]))`)
  return [{ name, asks: { errorRatio: `(${count} - ${sum}) / ${count}` }, groupBy }]
}

function field(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Object.getOwnPropertyDescriptor(inner, key)?.value : undefined,
    value,
  )
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
