import type { Meter } from '../../src/ports/meter.ts'

/** A meter that says when samples were settled and requests tried: what hangs on sockets is waited for by it. */
export function exportMeter() {
  const counts = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()
  const unread = new Map<string, number>()
  const happened = (what: string): void => {
    const first = waiting.get(what)?.shift()
    if (first === undefined) unread.set(what, (unread.get(what) ?? 0) + 1)
    else first()
  }
  const happens = (what: string): Promise<void> => {
    const before = unread.get(what) ?? 0
    if (before > 0) {
      unread.set(what, before - 1)
      return Promise.resolve()
    }
    return new Promise((resolve) => waiting.set(what, [...(waiting.get(what) ?? []), resolve]))
  }
  const meter: Meter = {
    count: (name, { outcome = '' }, by = 1) => {
      counts.set(`${name} ${outcome}`, (counts.get(`${name} ${outcome}`) ?? 0) + by)
      happened(`${name} ${outcome}`)
    },
    set: () => {},
    observe: () => {},
  }
  return {
    meter,
    counted: (outcome: string) => counts.get(`sloburn_export_samples_total ${outcome}`) ?? 0,
    settled: (outcome: string) => happens(`sloburn_export_samples_total ${outcome}`),
    tried: (outcome: string) => happens(`sloburn_export_requests_total ${outcome}`),
  }
}
