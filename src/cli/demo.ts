import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { demoConfig } from '../app/demo/demo-config.ts'
import { openDemoWorld } from '../app/demo/demo-world.ts'
import { startApp } from '../app/start-app.ts'
import { loadConfig } from '../config/load-config.ts'
import type { InboxMessage } from '../ports/inbox.ts'
import { exitCode, type Io } from './io.ts'
import { packageVersion } from './package-version.ts'
import { printProblems } from './print-problems.ts'
import { untilStopped } from './run.ts'

const rules = fileURLToPath(new URL('../../rules/demo', import.meta.url))

/** Runs the engine on an empty store, fed by three regions of a made-up shop; Ctrl+C ends it and leaves nothing behind. */
export async function runDemo(io: Io): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-demo-'))
  const world = await openDemoWorld((message) => io.stdout.write(inboxLine(message, io)))
  try {
    const configFile = join(folder, 'sloburn.yaml')
    await writeFile(configFile, demoConfig(world, { rules, store: join(folder, 'sloburn.db') }))
    const { config, problems } = await loadConfig(configFile, io.env)
    printProblems(problems, io)
    if (config === undefined) return exitCode.cannotWork
    return await untilStopped(io, async () => {
      const quiet = { ...config, log: { ...config.log, level: 'error' } as const }
      const options = { config: quiet, configFile, env: io.env, output: io.stderr, version: packageVersion() }
      const app = await startApp({ ...options, inbox: world.inbox })
      if (!('problems' in app)) io.stdout.write(welcome(app.url, io))
      return app
    })
  } finally {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function welcome(url: string, io: Io): string {
  const link = url.replace('127.0.0.1', 'localhost')
  return [
    '',
    `  ${paint('bold', 'sloburn demo', io)}: three regions of a made-up shop, scraped every 5 s`,
    '',
    `  Open ${paint('cyan', `${link}/`, io)} to look on.`,
    '  In about a minute the checkout breaks in eu-west-1. A page opens, and resolves after it is mended.',
    '  Every message to the on-call inbox is shown here and on that page. Ctrl+C ends the demo.',
    '',
    '',
  ].join('\n')
}

function inboxLine({ at, status, severity, title, text }: InboxMessage, io: Io): string {
  const time = new Date(at).toISOString().slice(11, 19)
  const word = status === 'resolved' ? 'RESOLVED' : severity.toUpperCase()
  const color = status === 'resolved' ? 'green' : severity === 'page' ? 'red' : 'yellow'
  return `${time}  ${paint(color, word.padEnd(8), io)}  ${title}\n${text.replace(/^/gm, '                    ')}\n`
}

function paint(format: 'bold' | 'cyan' | 'green' | 'red' | 'yellow', text: string, { stdout, env }: Io): string {
  return stdout.isTTY === true && env['NO_COLOR'] === undefined ? styleText(format, text) : text
}
