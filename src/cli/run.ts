import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Problem } from '../core/model/problem.ts'
import { exitCode, type Io } from './io.ts'
import { packageVersion } from './package-version.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'
import { errorText } from './system-error.ts'

/** What is asked of the app: to run until it is told to stop. */
export interface RunningEngine {
  readonly url: string
  /** Loads config and rules again; with a problem of severity error the old ones stay in force. */
  reload(): Promise<readonly Problem[]>
  stop(): Promise<void>
}

export interface StartOptions {
  readonly config: Config
  readonly configFile: string
  readonly env: Io['env']
  /** Where log lines go. */
  readonly output: Io['stdout']
}

/** Starts the engine, or answers why it cannot. */
export type Start = (options: StartOptions) => Promise<RunningEngine | { readonly problems: readonly Problem[] }>

/** Runs the engine until SIGTERM or SIGINT, which end it with 0; SIGHUP loads config and rules again. */
export async function runEngine(
  options: { readonly config: string },
  io: Io,
  start: Start = startApp,
): Promise<number> {
  const { config, problems } = await loadConfig(options.config, io.env)
  printProblems(problems, io)
  if (config === undefined) return problemExitCode(problems)
  return untilStopped(io, () => start({ config, configFile: options.config, env: io.env, output: io.stdout }))
}

/** Starts an engine and stays with it until a signal ends it; one that comes while it is starting ends it as soon as it runs. */
export async function untilStopped(io: Io, start: () => ReturnType<Start>): Promise<number> {
  const stopping = Promise.withResolvers<void>()
  let engine: RunningEngine | undefined
  const unlisten = [
    io.onSignal('SIGTERM', stopping.resolve),
    io.onSignal('SIGINT', stopping.resolve),
    io.onSignal('SIGHUP', () => void reloadAndTell(engine, io)),
  ]
  try {
    const started = await start()
    if ('problems' in started) {
      printProblems(started.problems, io)
      return problemExitCode(started.problems)
    }
    engine = started
    await stopping.promise
    await engine.stop()
    return exitCode.fine
  } finally {
    for (const off of unlisten) off()
  }
}

/** Before an engine runs there is nothing to load again: it has only just read its files. */
async function reloadAndTell(engine: RunningEngine | undefined, io: Io): Promise<void> {
  if (engine === undefined) return
  try {
    printProblems(await engine.reload(), io)
  } catch (error) {
    io.stderr.write(`sloburn: not reloaded: ${errorText(error)}\n`)
  }
}

const startApp: Start = async (options) => {
  const app = await import('../app/start-app.ts')
  return app.startApp({ ...options, version: packageVersion() })
}
