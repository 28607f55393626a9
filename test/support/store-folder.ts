import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A new folder that goes away with the test. */
export function storeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
