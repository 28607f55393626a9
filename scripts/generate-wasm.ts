import { writeFileSync } from 'node:fs'
import { wasmModuleFile, wasmModuleSource } from './wasm-module.ts'

/** Compiles the WebAssembly module anew. */
writeFileSync(new URL(`../${wasmModuleFile}`, import.meta.url), await wasmModuleSource())
