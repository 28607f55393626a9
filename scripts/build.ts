import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Compiles src into a dist that holds nothing else: a file whose source is gone must not be published. */
const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-b', 'src', '--force'], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
