import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Starts `store-holder.ts` on a store and waits until it holds it. It is killed with the test at the latest. */
export async function holdStore(t: TestContext, path: string): Promise<ChildProcess & { readonly pid: number }> {
  const script = fileURLToPath(new URL('store-holder.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const { pid } = child
  if (pid === undefined) throw new Error('the child did not start')
  return Object.assign(child, { pid })
}

/** Ends a child the hard way and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
