import type { Io, ProcessSignal } from '../../src/cli/io.ts'

/** A process that is not one: what is written is kept, and signals come when the test says so. */
export interface CapturedIo extends Io {
  readonly out: () => string
  readonly err: () => string
  /** Delivers a signal to whoever listens, and tells how many did. */
  signal(name: ProcessSignal): number
}

export function capturedIo(env: Io['env'] = {}): CapturedIo {
  let out = ''
  let err = ''
  const listeners: [ProcessSignal, () => void][] = []
  return {
    stdout: { columns: 100, write: (text) => (out += text) },
    stderr: { columns: 100, write: (text) => (err += text) },
    env,
    onSignal: (name, callback) => {
      const listener: [ProcessSignal, () => void] = [name, callback]
      listeners.push(listener)
      return () => void listeners.splice(listeners.indexOf(listener), 1)
    },
    out: () => out,
    err: () => err,
    signal: (name) => {
      const called = listeners.filter(([listensTo]) => listensTo === name)
      for (const [, callback] of called) callback()
      return called.length
    },
  }
}
