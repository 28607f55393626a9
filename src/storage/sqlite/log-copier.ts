import type { Worker } from 'node:worker_threads'
import type { Log } from '../../ports/log.ts'
import { inMemory } from './database.ts'
import { answerOf, startThread } from './side-thread.ts'

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
    worker ??= startThread({ name: 'log-copying-thread', data: path })
    const problem = await problemOf(worker)
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

/** Undefined when the copy was made, or what kept it from being made. */
async function problemOf(worker: Worker): Promise<string | undefined> {
  const answered = answerOf(worker)
  worker.postMessage('copy', [])
  try {
    const answer = await answered
    return typeof answer === 'string' ? answer : undefined
  } catch (error) {
    return String(error)
  }
}
