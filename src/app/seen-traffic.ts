import { formatLabels } from '../core/model/labels.ts'
import { rational } from '../core/model/rational.ts'
import type { Slo } from '../core/model/slo.ts'
import { type EpochMs, minuteMs } from '../core/model/units.ts'
import type { CompiledSlo } from '../engine/compiled-slo.ts'
import type { Engine } from '../engine/engine.ts'
import { readScope, scopesOf } from '../engine/read-scope.ts'
import type { SeenTraffic } from '../rules/lints/slo-lint.ts'
import { replay } from '../simulation/replay.ts'
import { type HistoryWatch, readHistory } from './backtest/read-history.ts'

/**
 * How many events the SLOs had in OpenMetrics files, by SLO: in the scope and the group where an objective allows the fewest
 * bad ones. Without events there is nothing to say. Rejects when a file cannot be read.
 */
export async function seenTraffic(
  slos: readonly Slo[],
  files: readonly string[],
  onProblem: HistoryWatch['onProblem'],
): Promise<ReadonlyMap<string, SeenTraffic>> {
  const { log, engine, run } = replay(slos.map(withoutAlerts), minuteMs)
  await readHistory(files, log, { onProblem, onProgress: () => {} })
  const { start, end } = await run({})
  const least = new Map<string, SeenTraffic & { readonly allowedPerMs: number }>()
  if (start === undefined || end === undefined) return least
  for (const compiled of engine.counting.slos.values()) {
    for (const scope of scopesOf(engine.counting, compiled)) {
      const seen = trafficIn(engine, compiled, scope, start, end)
      const known = least.get(compiled.slo.name)
      if (seen !== undefined && !(seen.allowedPerMs >= (known?.allowedPerMs ?? Number.POSITIVE_INFINITY)))
        least.set(compiled.slo.name, seen)
    }
  }
  return least
}

function trafficIn({ counting }: Engine, compiled: CompiledSlo, scope: string, start: EpochMs, end: EpochMs) {
  const reading = readScope(counting, compiled, scope, end)
  const { total } = reading.between(start, end)
  const seenMs = Math.round(reading.coverage(end - start) * (end - start))
  if (!(total >= 1) || !(seenMs > 0)) return undefined
  const { group } = compiled.slo
  return {
    perMs: rational(BigInt(Math.round(total)), BigInt(seenMs)),
    scope,
    group: group.size === 0 ? '' : formatLabels(group),
    allowedPerMs: (total / seenMs) * reading.compiled.budget,
  }
}

/** Only the counts are wanted. */
function withoutAlerts(slo: Slo): Slo {
  return { ...slo, alerting: { ...slo.alerting, severities: { page: false, ticket: false } } }
}
