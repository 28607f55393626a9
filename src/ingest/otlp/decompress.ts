import { promisify } from 'node:util'
import { gunzip, inflate, zstdDecompress } from 'node:zlib'

/** A body as it was before its sender compressed it, or why there is none. */
export type Decompressed =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'corrupt'; readonly reason: string }
  | { readonly kind: 'too-large' }

type Method = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['zstd', promisify(zstdDecompress)],
])

/** The encodings that are understood, for senders of others. */
export const encodingsTaken = 'gzip, zstd, deflate'

/** Undoes a Content-Encoding, away from the main thread, and stops where more comes out than is allowed. */
export async function decompress(body: Uint8Array, encoding: string, bytesMax: number): Promise<Decompressed> {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') {
    return body.length > bytesMax ? { kind: 'too-large' } : { kind: 'body', bytes: body }
  }
  const method = methods.get(name)
  if (method === undefined) return { kind: 'unsupported' }
  try {
    return { kind: 'body', bytes: await method(body, { maxOutputLength: bytesMax }) }
  } catch (error) {
    if (isTooLarge(error)) return { kind: 'too-large' }
    return { kind: 'corrupt', reason: error instanceof Error ? error.message : String(error) }
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
