import { wasmModule } from './wasm-module.ts'

/** The functions of an instance; `assembly/` says what each does. */
export interface FastModule {
  readonly memory: WebAssembly.Memory
  readonly layout: Readonly<Record<LayoutName, number>>
  decompress(size: number): number
  open(seedA: bigint, seedB: bigint, probesMax: number): void
  size(): number
  makeRoom(): number
  find(at: number, length: number): number
  add(at: number, length: number, nowSeconds: number): number
  ref(entry: number): number
  setRef(entry: number, ref: number): void
  follow(before: number, entry: number, nowSeconds: number): void
  forgetRefs(): void
  sweep(sinceSeconds: number): number
  advance(from: number, size: number, before: number, nowSeconds: number): number
  findSymbols(size: number): number
  advanceV2(from: number, size: number, before: number, nowSeconds: number, symbols: number): number
}

/** Where everything stands in the memory; `assembly/layout.ts` says what each is. */
type LayoutName =
  | 'batchCapacity'
  | 'batchTimes'
  | 'batchValues'
  | 'batchStarts'
  | 'batchRefs'
  | 'batchStale'
  | 'input'
  | 'inputMax'
  | 'key'
  | 'keyMax'
  | 'output'
  | 'table'
  | 'outReason'
  | 'outCurrent'
  | 'outLength'
  | 'outReceived'
  | 'outDropped'

const functionNames = [
  'decompress',
  'open',
  'size',
  'makeRoom',
  'find',
  'add',
  'ref',
  'setRef',
  'follow',
  'forgetRefs',
  'sweep',
  'advance',
  'advanceV2',
  'findSymbols',
] as const

/**
 * An instance with a memory of its own. Undefined where this machine cannot run it (no WebAssembly, no SIMD, the other byte
 * order): then everything is read by TypeScript alone.
 */
export function fastModule(): FastModule | undefined {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) return undefined
  let exports: Readonly<Record<string, unknown>>
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(wasmModule, 'base64'))
    exports = new WebAssembly.Instance(compiled).exports
  } catch {
    return undefined
  }
  if (!hasFunctions(exports)) throw new Error('the WebAssembly module does not fit: npm run wasm')
  return { ...exports, layout: layoutOf(exports) }
}

let compiled: WebAssembly.Module | undefined

function hasFunctions(
  exports: Readonly<Record<string, unknown>>,
): exports is Omit<FastModule, 'layout'> & typeof exports {
  return (
    functionNames.every((name) => typeof exports[name] === 'function') && exports.memory instanceof WebAssembly.Memory
  )
}

function layoutOf(exports: Readonly<Record<string, unknown>>): FastModule['layout'] {
  const placeOf = (name: LayoutName): number => {
    const place = exports[name]
    return place instanceof WebAssembly.Global ? Number(place.value) : Number.NaN
  }
  return {
    batchCapacity: placeOf('batchCapacity'),
    batchTimes: placeOf('batchTimes'),
    batchValues: placeOf('batchValues'),
    batchStarts: placeOf('batchStarts'),
    batchRefs: placeOf('batchRefs'),
    batchStale: placeOf('batchStale'),
    input: placeOf('input'),
    inputMax: placeOf('inputMax'),
    key: placeOf('key'),
    keyMax: placeOf('keyMax'),
    output: placeOf('output'),
    table: placeOf('table'),
    outReason: placeOf('outReason'),
    outCurrent: placeOf('outCurrent'),
    outLength: placeOf('outLength'),
    outReceived: placeOf('outReceived'),
    outDropped: placeOf('outDropped'),
  }
}
