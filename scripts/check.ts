import { spawn } from 'node:child_process'
import { runTests } from './run-tests.ts'

/** What is checked without running anything; each is also an npm script of its own. */
const staticChecks = [
  {
    name: 'types',
    commands: [
      ['tsc', '-b', 'src'],
      ['tsc', '-p', '.'],
    ],
  },
  { name: 'lint', commands: [['oxlint', '--type-aware', '--deny-warnings']] },
  { name: 'format', commands: [['biome', 'check', '.']] },
]

const failed: string[] = []
for (const check of staticChecks.map(({ name, commands }) => ({ name, done: runAll(commands) }))) {
  const { ok, output, seconds } = await check.done
  console.log(`${ok ? '✔' : '✖'} ${check.name} (${seconds.toFixed(1)} s)`)
  if (!ok) {
    console.log(output.trimEnd())
    failed.push(check.name)
  }
}

if (!(await runTests())) failed.push('tests')
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(', ')}`)
  process.exitCode = 1
}

/** Runs commands one after the other until one fails. */
async function runAll(commands: readonly (readonly string[])[]): Promise<Result> {
  const startMs = performance.now()
  let output = ''
  for (const command of commands) {
    const { code, text } = await runOne(command)
    output += text
    if (code !== 0) return { ok: false, output, seconds: secondsSince(startMs) }
  }
  return { ok: true, output, seconds: secondsSince(startMs) }
}

interface Result {
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

/** npm puts node_modules/.bin on the PATH; output is kept and shown only when something is wrong. */
async function runOne([program = '', ...args]: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
  let text = ''
  const keep = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, text: `cannot run ${program}: ${error.message}` }))
    child.on('close', (code) => resolve({ code, text }))
  })
}

function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1000
}
