import { printCounters, printSelector } from '../core/sli/print-counters.ts'
import type { CompiledSlo } from './compiled-slo.ts'

/** Equal for SLOs that count the same thing, so that one's counts serve the other. */
export function signalsKey(compiled: CompiledSlo): string {
  const known = signalsKeys.get(compiled)
  if (known !== undefined) return known
  const key = spellSignals(compiled)
  signalsKeys.set(compiled, key)
  return key
}

/** It is asked for again and again, and takes some microseconds to spell. */
const signalsKeys = new WeakMap<CompiledSlo, string>()

function spellSignals({ slo, signals }: CompiledSlo): string {
  const { indicator, regions, groupBy } = slo
  const counters = signals.map((signal) => `${signal.name}=${printCounters(signal.counters)}`)
  const made = indicator.kind === 'events' ? [] : [JSON.stringify({ ...indicator, signals: [], metric: null })]
  const gauge = indicator.kind === 'threshold' ? [printSelector(indicator.metric)] : []
  return JSON.stringify([indicator.kind, regions.label, groupBy, ...counters, ...made, ...gauge])
}
