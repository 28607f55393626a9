import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from './cleanup.ts'
import { type StartedProcess, startProcess } from './started-process.ts'

/** A new folder for files of processes that a test starts. */
export async function newFolder(t: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-e2e-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** What an exporter has counted so far. */
export interface Traffic {
  readonly good: number
  readonly bad: number
}

/** A process that exposes counters, and what it is asked to count. */
export interface StartedExporter {
  /** `127.0.0.1:PORT`, as targets are written. */
  readonly target: string
  /** Sets what is counted every 100 ms; answers what was counted before. */
  readonly setTraffic: (good: number, bad: number) => Promise<Traffic>
}

/** Starts exporter-process.ts. */
export async function startExporter(t: Cleanup): Promise<StartedExporter> {
  const exporter = startProcess(process.execPath, [pathOf('./exporter-process.ts')])
  t.after(() => exporter.stop())
  const target = `127.0.0.1:${(await exporter.line(/^(\d+)$/))[1]}`
  return {
    target,
    async setTraffic(good, bad) {
      const response = await fetch(`http://${target}/traffic`, { method: 'POST', body: JSON.stringify({ good, bad }) })
      return JSON.parse(await response.text())
    },
  }
}

/** A program that listens. */
export interface Listening {
  readonly url: string
  readonly started: StartedProcess
}

/** What a Prometheus is started on. */
export interface PrometheusFiles {
  readonly folder: string
  /** Its configuration. */
  readonly config: string
  /** Tells several in one folder apart. */
  readonly name?: string
  /** What it is told beside that. */
  readonly flags?: readonly string[]
}

/** Starts a Prometheus that can be written to; it is ready. */
export async function startPrometheus(
  t: Cleanup,
  program: string,
  { folder, config, name = 'prometheus', flags = [] }: PrometheusFiles,
): Promise<Listening> {
  await writeFile(join(folder, `${name}.yml`), config)
  const started = startProcess(program, [
    `--config.file=${folder}/${name}.yml`,
    `--storage.tsdb.path=${folder}/${name}-data`,
    '--web.listen-address=127.0.0.1:0',
    '--web.enable-remote-write-receiver',
    '--log.format=logfmt',
    ...flags,
  ])
  t.after(() => started.stop('SIGINT'))
  // It names the port it was told first, and the one it got once it listens.
  const [, port] = await started.line(/Listening on.*address=127\.0\.0\.1:([1-9]\d*)/)
  // It listens before it takes anything.
  await started.line(/Server is ready to receive web requests/)
  return { url: `http://127.0.0.1:${port}`, started }
}

/** A configuration of Prometheus that scrapes one target each second. */
export function scrapingConfig(job: string, target: string): string {
  return `global: { scrape_interval: 1s }\nscrape_configs:\n  - { job_name: ${job}, static_configs: [{ targets: ['${target}'] }] }\n`
}

/** What an engine is started on, and how where not as usual. */
export interface EngineFiles {
  readonly folder: string
  /** The text of its sloburn.yaml; without it the one that is there is used. */
  readonly config?: string
  /** The text of the rules.yaml beside it. */
  readonly rules?: string
  /** A program with arguments that starts the command behind them. */
  readonly under?: readonly string[]
  /** How it ends with the test; SIGTERM. */
  readonly signal?: NodeJS.Signals
}

/** Starts `sloburn run` in a process of its own, and waits until it listens. */
export async function startEngine(
  t: Cleanup,
  { folder, config, rules, under = [], signal }: EngineFiles,
): Promise<Listening> {
  const configFile = join(folder, 'sloburn.yaml')
  if (rules !== undefined) await writeFile(join(folder, 'rules.yaml'), rules)
  if (config !== undefined) await writeFile(configFile, config)
  const command = [process.execPath, pathOf('../../src/main.ts'), 'run', '--config', configFile]
  const [program = '', ...args] = [...under, ...command]
  const started = startProcess(program, args)
  t.after(() => started.stop(signal))
  return { started, url: (await started.line(/"url":"([^"]+?)","msg":"listening"/))[1] }
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url))
}

/** The raw samples of the last hour that a Prometheus API has of a selector: one list a series. */
export async function samplesIn(api: string, selector: string): Promise<readonly (readonly [number, string][])[]> {
  const response = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(`${selector}[1h]`)}`)
  const { data }: { data: { result: { values: [number, string][] }[] } } = JSON.parse(await response.text())
  return data.result.map(({ values }) => values)
}
