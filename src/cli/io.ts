/** What a command may use of the process it runs in; tests hand in their own. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Calls back for each signal that arrives until the returned function is called. */
  onSignal(signal: ProcessSignal, callback: () => void): () => void
}

/** A stream of text; `isTTY` and `columns` say whether a person is looking. */
export interface Output {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

export type ProcessSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** What a command ends with: fine, found something wrong, cannot work. */
export const exitCode = { fine: 0, wrong: 1, cannotWork: 2 } as const
