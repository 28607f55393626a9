import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** What a thread beside the one that ticks is asked for: `name` is its file in this folder, and `data` what it is told from the start. */
export interface SideThread {
  readonly name: string
  readonly data: unknown
}

/** Starts a thread; it keeps no process alive that has nothing else to do. */
export function startThread({ name, data }: SideThread): Worker {
  // Source runs as it is, and compiled in the package.
  const file = new URL(`./${name}${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { execArgv: ['--no-warnings'], workerData: data })
  worker.unref()
  return worker
}

/** The next answer of a thread, for which the process is kept alive. Rejects when the thread fails or ends instead. */
export async function answerOf(worker: Worker): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const ended = () => reject(new Error('the thread ended'))
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', ended)
  worker.ref()
  try {
    return await promise
  } finally {
    worker.unref()
    worker.off('message', resolve)
    worker.off('error', reject)
    worker.off('exit', ended)
  }
}
