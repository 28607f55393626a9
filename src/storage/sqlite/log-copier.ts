import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Log } from '../../ports/log.ts'
import { inMemory } from './database.ts'

/** Copies the write-ahead log into the database file on a thread of its own. */
export interface LogCopier {
  /** Resolves when what was committed before is in the file, or could not be copied now: the log keeps it until it is. */
  copy(): Promise<void>
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>
}

/**
 * Makes the copier of a database file. A checkpoint of the engine writes gigabytes; SQLite would copy them in the commit that finds
 * the log full, which takes a fifth of a second during which nothing else is done. The thread begins with the first copy and has the
 * file open only meanwhile, so that closing the store leaves nothing behind.
 */
export function logCopier(path: string, log: Log): LogCopier {
  if (path === inMemory) return { async copy() {}, async close() {} }
  let worker: Worker | undefined
  let copying: Promise<void> = Promise.resolve()

  const copyOnce = async (): Promise<void> => {
    worker ??= newWorker(path)
    const answered = answerOf(worker)
    worker.postMessage('copy', [])
    const problem = await answered
    if (problem === undefined) return
    log.warn({ problem }, 'the log of the database could not be copied now')
    await worker.terminate()
    worker = undefined
  }

  return {
    copy() {
      copying = copying.then(copyOnce)
      return copying
    },
    async close() {
      await copying
      await worker?.terminate()
      worker = undefined
    },
  }
}

function newWorker(path: string): Worker {
  // Source runs as it is, and compiled in the package.
  const thread = new URL(`./log-copying-thread${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(thread, { execArgv: ['--no-warnings'], workerData: path })
  worker.unref()
  return worker
}

/** Undefined when the copy was made, or what kept it from being made. */
async function answerOf(worker: Worker): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const answered = (message: unknown) => resolve(typeof message === 'string' ? message : undefined)
  const failed = (error: unknown) => resolve(String(error))
  const ended = () => resolve('the thread ended')
  worker.once('message', answered)
  worker.once('error', failed)
  worker.once('exit', ended)
  worker.ref()
  try {
    return await promise
  } finally {
    worker.unref()
    worker.off('message', answered)
    worker.off('error', failed)
    worker.off('exit', ended)
  }
}
