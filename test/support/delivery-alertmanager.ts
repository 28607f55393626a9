import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

/** Debian's Alertmanager. */
export const alertmanagerPath = '/usr/bin/prometheus-alertmanager'

export const alertmanagerMissing = existsSync(alertmanagerPath) ? false : `${alertmanagerPath} is not installed`

/** Starts an Alertmanager that sends everything to one webhook at once, and answers where it listens. */
export async function startAlertmanager(t: TestContext, folder: string, webhookUrl: string): Promise<string> {
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(
    config,
    `route: { receiver: hook, group_wait: 0s, group_interval: 1s, group_by: ['...'] }
receivers: [{ name: hook, webhook_configs: [{ url: '${webhookUrl}' }] }]
`,
  )
  const child = spawn(
    alertmanagerPath,
    [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  t.after(async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  })
  for await (const line of createInterface(child.stderr)) {
    const address = /Listening on.*address=(\S+)/.exec(line)?.[1]
    if (address !== undefined) return `http://${address}`
  }
  throw new Error('Alertmanager ended without listening')
}
