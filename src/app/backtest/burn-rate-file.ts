import { closeSync, openSync, writeSync } from 'node:fs'
import { burnRate, errorRatio } from '../../core/budget/burn-rate.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { ScopeReading } from '../../engine/read-scope.ts'

/** Writes every burn rate of every step as NDJSON: one line per step, SLO, scope and alert window. */
export interface BurnRateFile {
  write(reading: ScopeReading): void
  close(): void
}

/** Lines are gathered up to this many characters before they are written. */
const chunkLength = 1 << 20

/** Opens a file for one line of JSON a step, scope and window; throws when it cannot be written. */
export function burnRateFile(path: string): BurnRateFile {
  const file = openSync(path, 'w')
  let pending = ''
  const flush = () => {
    writeSync(file, pending)
    pending = ''
  }
  return {
    write: (reading) => {
      pending += linesOf(reading)
      if (pending.length >= chunkLength) flush()
    },
    close: () => {
      flush()
      closeSync(file)
    },
  }
}

function linesOf({ compiled, scope, at, counts }: ScopeReading): string {
  return compiled.alertWindows
    .map((windowMs) => {
      const counted = counts(windowMs)
      const line = {
        t: at / 1_000,
        slo: compiled.slo.name,
        ...(compiled.slo.group.size === 0 ? {} : { group: Object.fromEntries(compiled.slo.group) }),
        scope,
        window: formatDuration(windowMs),
        burnRate: burnRate(counted, compiled.budget),
        errorRatio: errorRatio(counted),
        total: counted.total,
      }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}
