import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { repositoryRoot } from './support/repository-files.ts'

/** One file each: what must not compile in core, and the compiler's reason. */
const worldly = [
  {
    name: 'node-module',
    text: "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n",
    reason: 'TS2307|TS2591',
  },
  { name: 'timer', text: 'export const a = setTimeout(() => {}, 1)\n', reason: 'TS2304' },
  { name: 'network', text: "export const a = fetch('http://127.0.0.1')\n", reason: 'TS2304' },
  { name: 'terminal', text: "console.log('a')\nexport const a = 1\n", reason: 'TS2584' },
  { name: 'environment', text: 'export const a = process.env\n', reason: 'TS2580|TS2591' },
  { name: 'engine', text: "import { b } from '../engine/b.ts'\nexport const a = b\n", reason: 'TS6059|TS6307' },
]

test('what reaches for the world does not compile in core', () => {
  const errors = compileCoreWith(worldly)
  for (const { name, reason } of worldly) {
    assert.match(errors, new RegExp(`^src/core/${name}\\.ts\\(\\d+,\\d+\\): error (${reason}):`, 'm'))
  }
})

test('what computes only does compile in core', () => {
  const text = "import { dayMs } from './model/units.ts'\nexport const weekMs = 7 * dayMs + Math.max(0, 1)\n"
  assert.equal(compileCoreWith([{ name: 'arithmetic', text }]), '')
})

/**
 * Compiles the real core and the files given beside it. Everything of core is there, because one library whose types
 * refer to Node's would open the door for all of it.
 */
function compileCoreWith(files: readonly { name: string; text: string }[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-core-'))
  try {
    mkdirSync(join(folder, 'src', 'engine'), { recursive: true })
    for (const path of ['package.json', 'tsconfig.base.json', 'src/core']) {
      cpSync(join(repositoryRoot, path), join(folder, path), { recursive: true })
    }
    symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'junction')
    writeFileSync(join(folder, 'src', 'engine', 'b.ts'), 'export const b = 1\n')
    for (const { name, text } of files) writeFileSync(join(folder, 'src', 'core', `${name}.ts`), text)
    const tsc = join(repositoryRoot, 'node_modules', '.bin', 'tsc')
    const args = ['-p', 'src/core', '--pretty', 'false']
    return spawnSync(tsc, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' }).stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
