import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main as compile } from 'assemblyscript/asc'

/** Where the compiled module stands, as TypeScript: it needs no file beside the code, whatever becomes of that. */
export const wasmModuleFile = 'src/ingest/remote-write/wasm-module.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Compiles `assembly/` and writes the module out as TypeScript source. Rejects with the compiler's own message. */
export async function wasmModuleSource(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-wasm-'))
  try {
    const outFile = join(folder, 'module.wasm')
    const files = ['assembly/index.ts', '--baseDir', root, '--outFile', relative(root, outFile)]
    const said: string[] = []
    const stderr = { write: (text: string | Uint8Array) => void said.push(Buffer.from(text).toString()) }
    const { error } = await compile([...files, ...compilerOptions], { stderr })
    if (error !== null) throw new Error(`${error.message}\n${said.join('')}`)
    return sourceOf(readFileSync(outFile))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nothing of AssemblyScript's own run time is used: there are no objects, and so nothing to collect. */
const compilerOptions = [
  '-O3',
  '--converge',
  '--runtime',
  'stub',
  '--noAssert',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
  '--initialMemory',
  '184',
]

function sourceOf(module: Uint8Array): string {
  const lines =
    Buffer.from(module)
      .toString('base64')
      .match(/.{1,116}/g) ?? []
  const text = lines.map((line) => `  '${line}'`).join(' +\n')
  return `// Made from assembly/ by \`npm run wasm\`; a test compares the two.
/** The hot path of remote write, compiled to WebAssembly, in base64. */
export const wasmModule =
${text}
`
}
