import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program that a test started: what it prints, and its end. */
export interface StartedProcess {
  readonly process: ChildProcess
  /** Everything printed so far, on both outputs. */
  output(): string
  /** The first line of standard output that matches; rejects with all that was printed when the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Ends it, if it still runs, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a program and gathers what it prints. It is ended by its own pid and nothing else. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): StartedProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const exited = once(child, 'exit')
  const lines: string[] = []
  const waiting = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const tell of waiting) tell(line)
    })
  }
  return {
    process: child,
    output: () => lines.join('\n'),
    line: (pattern) => {
      const known = lines.map((line) => pattern.exec(line)).find((match) => match !== null)
      if (known !== undefined && known !== null) return Promise.resolve(known)
      return new Promise((resolve, reject) => {
        const tell = (line: string) => {
          const match = pattern.exec(line)
          if (match === null) return
          waiting.delete(tell)
          resolve(match)
        }
        waiting.add(tell)
        void exited.then(([code]) =>
          reject(new Error(`${program} ended with ${code} before it printed ${pattern}:\n${lines.join('\n')}`)),
        )
      })
    },
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}

/** Waits until a condition that only real time can bring about holds; rejects with the last answer when it does not. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1_000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
