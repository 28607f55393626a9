import { connect, type Socket } from 'node:net'
import { secondMs } from '../../../core/model/units.ts'
import { forbiddenError, type TargetGuard } from '../../guard.ts'
import type { EmailConfig } from './config.ts'

/** Opens the connection that a mail goes over, where the guard lets it; TLS comes on top of it. */
export async function guardedConnection(
  { host, port }: Pick<EmailConfig, 'host' | 'port'>,
  guard: TargetGuard,
  signal: AbortSignal,
): Promise<Socket> {
  if (guard.refusalOf(host) !== undefined) throw forbiddenError(host)
  signal.throwIfAborted()
  const socket = connect({ host, port, lookup: guard.lookup, timeout: connectTimeoutMs })
  const aborted = (): void => void socket.destroy(new Error('aborted'))
  signal.addEventListener('abort', aborted, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.once('timeout', () => socket.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })))
    })
  } finally {
    signal.removeEventListener('abort', aborted)
  }
  // Whoever takes over listens for errors a moment later; one until then shows when the connection is used.
  socket.on('error', () => {})
  socket.removeAllListeners('timeout').setTimeout(0)
  if (guard.refusalOfConnection(host, socket.remoteAddress) !== undefined) {
    socket.destroy()
    throw forbiddenError(host)
  }
  return socket
}

const connectTimeoutMs = 10 * secondMs
