/** Bytes of the head of an answer: servers themselves allow 16 KiB at most. */
const headBytesMax = 16 * 1024
/** Bytes of the line before a chunk, with whatever extensions it has. */
const lineBytesMax = 4_096
/** Less than this is not worth a buffer of its own to read into. */
const directBytesMin = 4_096
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** How the end of a body is known. */
type Framing =
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunks'; left: number; at: 'size' | 'data' | 'behind data' | 'trailer' }
  | { readonly kind: 'close' }

/** The head of an answer. */
export interface ResponseHead {
  readonly status: number
  /** Names in lower case; of several with one name the first. */
  readonly headers: ReadonlyMap<string, string>
  /** Another request may follow on the connection. */
  readonly isLasting: boolean
}

/**
 * Reads one HTTP/1.1 answer to a GET as its bytes arrive, and copies the body into a buffer that is used again for the next:
 * bodies of a megabyte a second, each in new memory, would cost more in garbage collection than in reading.
 */
export class HttpResponseReader {
  head: ResponseHead | undefined
  /** Set when something cannot be an answer. */
  fault: string | undefined
  isDone = false
  /** The body is longer than wanted; what came so far is of no use. */
  isTooLong = false
  bodyLength = 0
  #body: Uint8Array
  #line: number[] = []
  #headText = ''
  #framing: Framing | undefined
  readonly #bodyBytesMax: number

  /** `body` is the buffer to begin with; a larger one is made where it is too small. */
  constructor(body: Uint8Array, bodyBytesMax: number) {
    this.#body = body
    this.#bodyBytesMax = bodyBytesMax
  }

  /** The buffer that the body stands in, from its start. */
  get body(): Uint8Array {
    return this.#body
  }

  /** Where the rest of a body belongs whose length is known: what is read there need not be copied. */
  room(): Uint8Array | undefined {
    const framing = this.#framing
    if (framing?.kind !== 'length' || framing.left < directBytesMin || this.isTooLong) return undefined
    return this.#body.subarray(this.bodyLength, this.bodyLength + framing.left)
  }

  /** Takes the next bytes, which may be overwritten afterwards. */
  take(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && !this.isDone && !this.isTooLong && this.fault === undefined) {
      if (this.#framing === undefined) at = this.#takeHead(bytes, at)
      else if (this.#framing.kind === 'chunks') at = this.#takeChunk(bytes, at, this.#framing)
      else at = this.#takePlain(bytes, at, this.#framing)
    }
    if (this.isDone && at < bytes.length) this.fault = 'more bytes than were announced'
  }

  /** The connection was closed: that ends some bodies, and breaks all others off. */
  close(): void {
    if (this.isDone) return
    if (this.#framing?.kind === 'close') this.isDone = true
    else this.fault ??= 'the connection broke in the middle of the answer'
  }

  #takeHead(bytes: Uint8Array, start: number): number {
    const end = bytes.indexOf(lineFeed, start)
    const stop = end < 0 ? bytes.length : end + 1
    this.#headText += latin1(bytes, start, stop)
    if (this.#headText.length > headBytesMax) this.fault = 'a head that is too long'
    if (end >= 0 && /(^|\n)\r?\n$/.test(this.#headText)) this.#endHead()
    return stop
  }

  #endHead(): void {
    const [first, ...lines] = this.#headText.trimEnd().split(/\r?\n/)
    const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first)
    if (match === null) {
      this.fault = 'the answer is not HTTP'
      return
    }
    const status = Number(match[2])
    this.#headText = ''
    if (status >= 100 && status < 200) return
    const headers = new Map<string, string>()
    for (const line of lines) {
      const colon = line.indexOf(':')
      if (colon <= 0 || /[\t ]$/.test(line.slice(0, colon))) {
        this.fault = 'a header that is none'
        return
      }
      const name = line.slice(0, colon).toLowerCase()
      const value = line.slice(colon + 1).trim()
      if (name === 'content-length' && headers.has(name) && headers.get(name) !== value) this.fault = 'two lengths'
      if (!headers.has(name)) headers.set(name, value)
    }
    const connection = headers.get('connection')?.toLowerCase() ?? ''
    this.#framing = framingOf(status, headers)
    const isLasting = match[1] === '1' && !connection.includes('close') && this.#framing?.kind !== 'close'
    this.head = { status, headers, isLasting }
    if (this.#framing === undefined) this.fault = 'a length that is none'
    else if (this.#framing.kind === 'length') {
      if (this.#framing.left > this.#bodyBytesMax) this.isTooLong = true
      else this.#reserve(this.#framing.left)
      if (this.#framing.left === 0) this.isDone = true
    }
  }

  #takePlain(bytes: Uint8Array, start: number, framing: Exclude<Framing, { kind: 'chunks' }>): number {
    const left = framing.kind === 'length' ? framing.left : bytes.length - start
    const end = Math.min(bytes.length, start + left)
    this.#append(bytes, start, end)
    if (framing.kind === 'length') {
      framing.left -= end - start
      if (framing.left === 0) this.isDone = true
    }
    return end
  }

  #takeChunk(bytes: Uint8Array, start: number, framing: Framing & { readonly kind: 'chunks' }): number {
    if (framing.at === 'data') {
      const end = Math.min(bytes.length, start + framing.left)
      this.#append(bytes, start, end)
      framing.left -= end - start
      if (framing.left === 0) framing.at = 'behind data'
      return end
    }
    const byte = bytes[start]
    if (byte !== lineFeed) {
      this.#line.push(byte)
      if (this.#line.length > lineBytesMax) this.fault = 'a line that is too long'
      return start + 1
    }
    if (this.#line.at(-1) === carriageReturn) this.#line.pop()
    const line = String.fromCharCode(...this.#line)
    this.#line = []
    if (framing.at === 'size') this.#beginChunk(line, framing)
    else if (framing.at === 'behind data') {
      if (line !== '') this.fault = 'a chunk longer than it says'
      framing.at = 'size'
    } else if (line === '') this.isDone = true
    return start + 1
  }

  #beginChunk(line: string, framing: Framing & { readonly kind: 'chunks' }): void {
    const size = /^([0-9a-fA-F]{1,8})\s*(;.*)?$/.exec(line)?.[1]
    if (size === undefined) {
      this.fault = 'a chunk without a size'
      return
    }
    framing.left = Number.parseInt(size, 16)
    framing.at = framing.left === 0 ? 'trailer' : 'data'
    if (this.bodyLength + framing.left > this.#bodyBytesMax) this.isTooLong = true
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const length = this.bodyLength + end - start
    if (length > this.#bodyBytesMax) {
      this.isTooLong = true
      return
    }
    this.#reserve(length)
    const isInPlace =
      bytes.buffer === this.#body.buffer && bytes.byteOffset + start === this.#body.byteOffset + this.bodyLength
    if (!isInPlace) this.#body.set(bytes.subarray(start, end), this.bodyLength)
    this.bodyLength = length
  }

  #reserve(length: number): void {
    if (length <= this.#body.length) return
    const larger = new Uint8Array(Math.min(this.#bodyBytesMax, Math.max(length, this.#body.length * 2)))
    larger.set(this.#body.subarray(0, this.bodyLength))
    this.#body = larger
  }
}

/** undefined when what is said of the length makes no sense. */
function framingOf(status: number, headers: ReadonlyMap<string, string>): Framing | undefined {
  if (status === 204 || status === 304) return { kind: 'length', left: 0 }
  const coding = headers.get('transfer-encoding')
  if (coding !== undefined) {
    return coding.toLowerCase() === 'chunked' ? { kind: 'chunks', left: 0, at: 'size' } : undefined
  }
  const length = headers.get('content-length')
  if (length === undefined) return { kind: 'close' }
  return /^\d{1,15}$/.test(length) ? { kind: 'length', left: Number(length) } : undefined
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')
}
