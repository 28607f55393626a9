import type { ExportConfig } from '../config/parts/export.ts'
import { type ExportWorld, type RunningExport, startRemoteWriteExport } from '../export/remote-write-export.ts'

/** All exports of our own series, as the config says now. */
export interface Exports {
  /** Sends to these from now on; an export that stays as it was goes on. */
  change(exports: readonly ExportConfig[]): Promise<void>
  stop(): Promise<void>
}

/** Starts every export of the config. */
export function startExports(configs: readonly ExportConfig[], world: Omit<ExportWorld, 'random'>): Exports {
  let running = new Map<string, Started>()
  const start = (config: ExportConfig): Started => ({
    print: fingerprint(config),
    export: startRemoteWriteExport(config.name, config.settings, { ...world, random: Math.random }),
  })
  const change = async (wanted: readonly ExportConfig[]): Promise<void> => {
    const kept = new Map(wanted.flatMap((config) => keptOf(config, running)))
    const ended = [...running].filter(([name]) => !kept.has(name))
    running = kept
    await Promise.all(ended.map(([, { export: one }]) => one.stop()))
    running = new Map(wanted.map((config) => [config.name, kept.get(config.name) ?? start(config)]))
  }
  running = new Map(configs.map((config) => [config.name, start(config)]))
  return { change, stop: () => change([]) }
}

interface Started {
  readonly print: string
  readonly export: RunningExport
}

function keptOf(config: ExportConfig, running: ReadonlyMap<string, Started>): [string, Started][] {
  const known = running.get(config.name)
  return known?.print === fingerprint(config) ? [[config.name, known]] : []
}

/** Equal for exports that go on over a reload; a changed secret counts. */
function fingerprint({ settings }: ExportConfig): string {
  const { headers, tls, labels, ...rest } = settings
  const { ca, cert, key, ...trust } = tls ?? {}
  const secrets = [...headers.values(), ca, cert, key].map((secret) => secret?.reveal())
  return JSON.stringify([rest, [...labels], [...headers.keys()], trust, secrets])
}
