import type { Output } from './io.ts'

/** A line that shows how far something has come; nothing where no person is looking. */
export interface ProgressBar {
  /** `done` is a fraction in [0, 1]. */
  show(done: number, doing: string): void
  /** Takes the line away again. */
  clear(): void
}

const barWidth = 30

/** A bar on the last line of a terminal; shows nothing where the output is none. */
export function progressBar(output: Output): ProgressBar {
  if (output.isTTY !== true) return { show: () => {}, clear: () => {} }
  let shown = ''
  return {
    show: (done, doing) => {
      const filled = Math.round(Math.min(1, Math.max(0, done)) * barWidth)
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
      const line = `${bar} ${String(Math.floor(done * 100)).padStart(3)} %  ${doing}`
      if (line === shown) return
      shown = line
      output.write(`\r\u001b[K${line}`)
    },
    clear: () => {
      if (shown !== '') output.write('\r\u001b[K')
      shown = ''
    },
  }
}
