import type { Config } from '../config/config.ts'
import type { Environment } from '../config/load-config.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Log } from '../ports/log.ts'

/** Writes problems of config and rules down, each as severe as it is. */
export function sayProblems(problems: readonly Problem[], log: Log): void {
  for (const { severity, code, at, message } of problems) {
    if (severity === 'error') log.error({ code, at }, message)
    else log.warn({ code, at }, message)
  }
}

/** Whoever sets a proxy for all programs takes it to be used: Node does not, and a message that cannot get out is found late. */
export function warnOfUnusedProxy({ delivery }: Config, env: Environment, log: Log): void {
  const set = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter((name) => (env[name] ?? '') !== '')
  if (set.length === 0 || delivery.proxy !== undefined) return
  log.warn({ variables: set }, 'messages do not go through the proxy of the environment: set delivery.proxy for that')
}

/** Beyond this machine nobody may write without a token, which is found out late as well. */
export function warnOfRefusedWrites({ listen, api }: Config, log: Log): void {
  const { host } = listen.http
  if (isLoopback(host) || api.token !== undefined) return
  log.warn({ host }, 'writes to the API are refused: it listens beyond this machine without api.token')
}

/** Says which parts of a changed config are fixed when the process starts. */
export function warnOfRestart(next: Config, running: Config, log: Log): void {
  for (const key of ['listen', 'evaluation', 'store', 'checkpoint', 'log'] as const) {
    if (JSON.stringify(next[key]) !== JSON.stringify(running[key])) {
      log.warn({ key }, 'a change of this part of the config takes effect with the next start')
    }
  }
}

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
