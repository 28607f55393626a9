import type { Dispatcher, buildConnector as makeConnector, Pool as PoolType } from 'undici'
import { attemptsInFlightPerWebhookMax, connectTimeoutMs, idleConnectionMs } from '../../core/model/limits.ts'
import { secondMs } from '../../core/model/units.ts'
import { forbiddenError, type TargetGuard } from '../guard.ts'

/** The ways to a far side, each with connections of its own: those to one origin carry nothing for another. */
export interface HttpWays {
  readonly direct: Dispatcher
  /** Through the proxy; the same as direct where there is none. */
  readonly proxied: Dispatcher
}

/**
 * One request at a time goes over a connection, so that no message waits for another and none is repeated. Only HTTP/1.1 is spoken, and
 * nobody but the attempt says when an answer is late.
 */
const poolOptions = {
  connections: attemptsInFlightPerWebhookMax,
  pipelining: 1,
  allowH2: false,
  keepAliveTimeout: idleConnectionMs,
  keepAliveMaxTimeout: idleConnectionMs,
  keepAliveTimeoutThreshold: secondMs,
  headersTimeout: 0,
  bodyTimeout: 0,
} as const satisfies PoolType.Options

/** Ways that keep to what the guard says. Loading undici takes some 70 ms: whoever does not send is to be spared them. */
export async function httpWays(guard: TargetGuard): Promise<HttpWays> {
  const { Agent, Pool, ProxyAgent, buildConnector } = await import('undici')
  const connect = buildConnector({ lookup: guard.lookup, allowH2: false, timeout: connectTimeoutMs })
  const direct = new Agent({ ...poolOptions, connect: judged(connect, guard) })
  if (guard.proxy === undefined) return { direct, proxied: direct }
  const proxied = new ProxyAgent({
    ...poolOptions,
    uri: guard.proxy.url.reveal(),
    connectTimeout: connectTimeoutMs,
    proxyTls: { allowH2: false },
    // A tunnel that is never opened would take the place of a connection for minutes.
    clientFactory: (proxy, options) => new Pool(proxy, { ...options, headersTimeout: connectTimeoutMs }),
    factory: (origin, options: object) => new Pool(origin, { ...options, ...poolOptions }),
  })
  return { direct, proxied }
}

/** Hands over no connection that the guard refuses: nothing has been sent over it yet. */
function judged(connect: makeConnector.connector, guard: TargetGuard): makeConnector.connector {
  return (target, done) => {
    connect(target, (...[error, socket]) => {
      if (error !== null) {
        done(error, null)
      } else if (guard.refusalOfConnection(target.hostname, socket.remoteAddress) === undefined) {
        done(null, socket)
      } else {
        socket.destroy()
        done(forbiddenError(target.hostname), null)
      }
    })
  }
}
