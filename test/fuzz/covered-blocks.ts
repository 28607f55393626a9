import { type Profiler, Session } from 'node:inspector'

/** Which bytes of each file were reached, by the file's number in V8: 1 for those that were. */
export type Covered = ReadonlyMap<string, Uint8Array>

/**
 * What of some files an action reaches, by V8's own counters of blocks. WebAssembly has no such counters: its decoder is led by
 * those of its TypeScript twin, which reads the same bytes beside it.
 */
export class CoveredBlocks {
  readonly #session = new Session()
  readonly #isAsked: (url: string) => boolean

  constructor(isAsked: (url: string) => boolean) {
    this.#isAsked = isAsked
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  /** Forgets what was reached so far. */
  begin(): void {
    this.#take()
  }

  /** What was reached since `begin`. */
  end(): Covered {
    const covered = new Map<string, Uint8Array>()
    for (const { scriptId, url, functions } of this.#take()) {
      if (this.#isAsked(url)) covered.set(scriptId, bytesReached(functions))
    }
    return covered
  }

  close(): void {
    this.#session.post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] | undefined
    // A session within its own process answers before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error === null) taken = answer.result
    })
    if (taken === undefined) throw new Error('V8 does not say what was covered')
    return taken
  }
}

/** Outer functions and blocks come before what they hold, so that the innermost says it. */
function bytesReached(functions: readonly Profiler.FunctionCoverage[]): Uint8Array {
  const ranges = functions.flatMap((each) => each.ranges)
  const reached = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)))
  for (const { startOffset, endOffset, count } of ranges) reached.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return reached
}

/** Everything that was reached so far. */
export class KnownBlocks {
  readonly #known = new Map<string, Uint8Array>()

  /** How many bytes of the files are known to be reached. */
  get size(): number {
    let size = 0
    for (const bytes of this.#known.values()) for (const byte of bytes) size += byte
    return size
  }

  /** Whether anything is reached that was not before. */
  lacks(covered: Covered): boolean {
    for (const [script, bytes] of covered) {
      const known = this.#known.get(script)
      if (bytes.some((byte, at) => byte === 1 && known?.[at] !== 1)) return true
    }
    return false
  }

  add(covered: Covered): void {
    for (const [script, bytes] of covered) {
      const known = this.#known.get(script) ?? new Uint8Array(0)
      const both = new Uint8Array(Math.max(known.length, bytes.length))
      both.set(known)
      for (const [at, byte] of bytes.entries()) if (byte === 1) both[at] = 1
      this.#known.set(script, both)
    }
  }
}
